// Runs blocking work on a worker and comes back to the caller's executor with its result.
//
// An asynchronous operation of its own (async_initiate) and not a coroutine spawned on another executor: waiting for
// such a one with || or && ends the process in Boost 1.81.
#pragma once

#include "server/http/asio.hpp"
#include "server/http/worker_pool.hpp"

#include <exception>
#include <memory>
#include <type_traits>
#include <typeinfo>
#include <utility>

namespace rapporteur::http {
namespace detail {

/// One call of offload: fn until it ran, then its result on the way back to the handler's executor.
template <class Result, class F, class Handler>
class offload_job final : public worker_pool::job {
 public:
  offload_job(worker_pool::clock::time_point deadline, F fn, Handler handler)
      : job(deadline),
        fn_(std::move(fn)),
        // Keeps the io_context running while the work is on another thread.
        back_(asio::make_work_guard(asio::get_associated_executor(handler))),
        handler_(std::move(handler)) {}

  void run(std::size_t worker) noexcept override {
    try {
      complete(fn_(worker));
    } catch (const std::exception& e) {
      // Not what(): it may quote the query, and this message is logged.
      complete(error{errc::internal, std::string("unexpected exception ") + typeid(e).name()});
    } catch (...) {
      complete(error{errc::internal, "unexpected exception of an unknown type"});
    }
  }

  void refuse(error e) noexcept override { complete(std::move(e)); }

 private:
  void complete(Result r) {
    asio::post(back_.get_executor(),
               [handler = std::move(handler_), r = std::move(r)]() mutable { std::move(handler)(std::move(r)); });
  }

  F fn_;
  asio::executor_work_guard<asio::associated_executor_t<Handler>> back_;
  Handler handler_;
};

}  // namespace detail

/// Calls fn(worker) on one of the pool's threads; fn returns a result<T>, which is what the operation completes with,
/// on the executor of the handler. Without a call: errc::overloaded if the queue is full, errc::deadline_exceeded if
/// the deadline passed before a worker was free. An exception from fn becomes errc::internal. fn and what it holds are
/// destroyed on the worker. The pool must outlive the operation.
template <class F, class Token = asio::use_awaitable_t<>>
auto offload(worker_pool& pool, worker_pool::clock::time_point deadline, F fn, Token token = {}) {
  using result_type = std::invoke_result_t<F&, std::size_t>;
  return asio::async_initiate<Token, void(result_type)>(
      [&pool, deadline](auto completion, F work) {
        using job = detail::offload_job<result_type, F, decltype(completion)>;
        pool.submit(std::make_unique<job>(deadline, std::move(work), std::move(completion)));
      },
      token, std::move(fn));
}

}  // namespace rapporteur::http
