// Compiles Boost.Asio and Boost.Beast, once for the whole server.
#include "server/http/asio.hpp"

#include <boost/asio/impl/src.hpp>
#include <boost/beast/src.hpp>
