#include "server/http/accept.hpp"

#include <gtest/gtest.h>

namespace rapporteur::http {
namespace {

TEST(accepts, lets_the_most_specific_range_decide) {
  struct row {
    std::string_view accept, type;
    bool taken;
  };
  constexpr row k_rows[] = {
      {"", "application/json", true},
      {" ", "application/json", true},
      {"*/*", "application/json", true},
      {"application/json", "application/json", true},
      {"Application/JSON", "application/json", true},
      {"application/*", "application/json", true},
      {"text/*", "application/json", false},
      {"text/html", "application/json", false},
      {"application/json;charset=utf-8", "application/json", true},
      {"application/json; q=0.001", "application/json", true},
      {"application/json;q=0", "application/json", false},
      {"application/json;q=0, */*", "application/json", false},
      {"*/*, application/json;q=0.0", "application/json", false},
      {"application/*;q=0, */*;q=1", "application/json", false},
      {"application/*;q=0, application/json", "application/json", true},
      {"*/*;q=0", "application/json", false},
      {"text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8", "application/json", true},
      {"application/jsonx", "application/json", false},
      {"application/atom+xml, text/xml", "application/atom+xml", true},
      {"nonsense", "application/json", true},
      {"application/json;q=x", "application/json", true},
      {",,;,", "application/json", true},
      {"*/json", "application/json", false},
  };
  for (const auto& r : k_rows) EXPECT_EQ(accepts(r.accept, r.type), r.taken) << r.accept;
}

}  // namespace
}  // namespace rapporteur::http
