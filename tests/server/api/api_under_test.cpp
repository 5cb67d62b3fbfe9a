#include "tests/server/api/api_under_test.hpp"

#include <exception>
#include <stdexcept>
#include <utility>

namespace rapporteur::api::test {
namespace {

namespace asio = http::asio;
namespace bhttp = http::bhttp;

class scripted_backend final : public search_backend {
 public:
  explicit scripted_backend(const script& s) : script_(s) {}
  result<search::answer> search(const search::request& r) override { return script_.search(r); }
  result<search::article_answer> article(std::string_view id, std::string_view q, bool expand) override {
    return script_.article(id, q, expand);
  }
  result<search::snippets_answer> snippets(std::string_view id, std::string_view q, std::uint32_t count,
                                           std::uint32_t chars, bool expand) override {
    return script_.snippets(id, q, count, chars, expand);
  }
  result<search::listing> list(const search::request& r, std::uint32_t count) override {
    return script_.list(r, count);
  }
  result<rapporteur::article> read(std::string_view id, bool with_text) override { return script_.read(id, with_text); }
  result<search::suggest_answer> suggest(std::string_view q, std::uint32_t limit) override {
    return script_.suggest(q, limit);
  }
  result<search::related_answer> related(const search::related_request& r) override { return script_.related(r); }
  result<search::why_answer> why(std::string_view id, std::string_view q, bool expand) override {
    return script_.why(id, q, expand);
  }
  result<search::index_state> state() override { return script_.state(); }

 private:
  const script& script_;
};

}  // namespace

api_under_test::api_under_test(std::size_t workers)
    : log_{.access = {},
           .event =
               [this](http::severity, std::string_view message) {
                 const std::lock_guard lock(mutex_);
                 events_.emplace_back(message);
               }},
      backends_(
          [this]() -> result<std::unique_ptr<search_backend>> {
            if (auto opened = scripted.open(); !opened) return opened.error();
            return std::unique_ptr<search_backend>(std::make_unique<scripted_backend>(scripted));
          },
          workers, log_),
      workers_(workers, 16),
      service_{.options = options, .workers = workers_, .search = backends_} {
  options.etag_salt = "test";
  add_routes(routes_, service_);
}

http::response answer_of(http::router& routes, http::request& q) {
  q.received = http::clock::now();
  q.deadline = http::clock::time_point::max();
  http::response answer;
  asio::io_context io;
  asio::co_spawn(io, routes.dispatch(q), [&answer](const std::exception_ptr& e, http::response r) {
    if (e) std::rethrow_exception(e);
    answer = std::move(r);
  });
  io.run();
  return answer;
}

http::response api_under_test::ask(bhttp::verb method, std::string_view target, const bhttp::fields& fields,
                                   std::string body) {
  http::request q;
  q.method = method;
  const auto parts = http::split_target(target).value();
  q.query = parts.query;
  q.segments = http::split_path(parts.path).value();
  q.fields = fields;
  q.body = std::move(body);
  q.from = from;
  return answer_of(routes_, q);
}

http::response api_under_test::post_form(std::string_view target, std::string body) {
  bhttp::fields fields;
  fields.set(bhttp::field::content_type, "application/x-www-form-urlencoded");
  return ask(bhttp::verb::post, target, fields, std::move(body));
}

std::vector<std::string> api_under_test::events() const {
  const std::lock_guard lock(mutex_);
  return events_;
}

std::string parameter(const http::response& r) {
  const auto value = json(r);
  const auto* found = value.as_object().if_contains("parameter");
  return found == nullptr ? std::string() : std::string(found->as_string());
}

}  // namespace rapporteur::api::test
