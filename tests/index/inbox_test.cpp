// The inbox's protocol: nothing accepted is lost, nothing refused stays, and everything comes in its order.
#include "index/inbox.hpp"

#include "index/durable.hpp"
#include "tests/scratch.hpp"
#include "tests/tiny_disk.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <set>
#include <thread>

namespace rapporteur::index {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using test::entries_of;
using test::scratch_folder;
using test::tiny_disk;

receipt added(std::string id, std::uint64_t revision) {
  return {.revision = revision,
          .articles = {{.id = std::move(id), .line = 1, .outcome = article_outcome::added, .reason = {}}}};
}

void put(const fs::path& file, std::string_view bytes) {
  fs::create_directories(file.parent_path());
  std::ofstream(file, std::ios::binary) << bytes;
}

void make_old(const fs::path& file, std::chrono::seconds age) {
  fs::last_write_time(file, fs::file_time_type::clock::now() - age);
}

request_state state_of(const inbox& box, std::string_view ticket) {
  return box.status(ticket).value().state;
}

TEST(inbox, a_request_goes_its_way) {
  const scratch_folder folder;
  inbox box(folder.path() / "inbox");
  const auto ticket = box.deposit(request_kind::articles, "{\"id\":\"a\"}\n");
  ASSERT_TRUE(ticket) << ticket.error().message;
  EXPECT_TRUE(is_ticket(*ticket));
  EXPECT_EQ(state_of(box, *ticket), request_state::queued);
  EXPECT_EQ(entries_of(box.requests_folder()), std::vector<std::string>{*ticket + ".jsonl"});
  EXPECT_TRUE(entries_of(folder.path() / "inbox/tmp").empty());

  inbox other_side(folder.path() / "inbox");
  const auto waiting = other_side.pending().value();
  ASSERT_EQ(waiting.size(), 1U);
  EXPECT_EQ(waiting[0].ticket, *ticket);
  EXPECT_EQ(waiting[0].kind, request_kind::articles);
  EXPECT_EQ(waiting[0].bytes, 11U);
  EXPECT_EQ(other_side.read(waiting[0], 11).value(), "{\"id\":\"a\"}\n");
  EXPECT_EQ(other_side.read(waiting[0], 10).error().code, errc::too_large);
  ASSERT_TRUE(other_side.finish(waiting[0], added("a", 7)));

  const auto status = box.status(*ticket).value();
  EXPECT_EQ(status.state, request_state::finished);
  EXPECT_EQ(status.outcome.revision, 7U);
  EXPECT_EQ(status.outcome.articles.at(0).id, "a");
  EXPECT_TRUE(other_side.pending()->empty());
  EXPECT_EQ(other_side.read(waiting[0], 11).error().code, errc::not_found);
  for (const char* part : {"inbox/tmp", "inbox/new"}) EXPECT_TRUE(entries_of(folder.path() / part).empty()) << part;
}

TEST(inbox, both_kinds_come_in_the_order_in_which_they_went) {
  const scratch_folder folder;
  inbox box(folder.path());
  std::vector<std::string> tickets;
  for (int i = 0; i < 50; ++i) {
    const auto kind = i % 3 == 0 ? request_kind::removal : request_kind::articles;
    tickets.push_back(box.deposit(kind, "x").value());
  }
  EXPECT_TRUE(std::ranges::is_sorted(tickets));
  const auto waiting = inbox(folder.path()).pending().value();
  ASSERT_EQ(waiting.size(), tickets.size());
  for (std::size_t i = 0; i < waiting.size(); ++i) {
    EXPECT_EQ(waiting[i].ticket, tickets[i]);
    EXPECT_EQ(waiting[i].kind, i % 3 == 0 ? request_kind::removal : request_kind::articles);
  }
}

// The clock of the machine, or that of another server, was ahead when this one was kept.
TEST(inbox, a_request_comes_after_one_from_the_future) {
  const scratch_folder folder;
  const std::string future = "9000000000000000-0123456789abcdef";
  put(folder.path() / "new" / (future + ".jsonl"), "x");
  inbox box(folder.path());
  const auto first = box.deposit(request_kind::articles, "y").value();
  const auto second = box.deposit(request_kind::articles, "z").value();
  EXPECT_LT(future, first);
  EXPECT_LT(first, second);
}

TEST(inbox, tickets_of_threads_and_of_processes_differ) {
  const scratch_folder folder;
  inbox one(folder.path());
  inbox other(folder.path());
  std::vector<std::vector<std::string>> made(4);
  {
    std::vector<std::jthread> threads;
    for (std::size_t t = 0; t < made.size(); ++t) {
      threads.emplace_back([&, t] {
        for (int i = 0; i < 25; ++i)
          made[t].push_back((t % 2 == 0 ? one : other).deposit(request_kind::articles, "x").value());
      });
    }
  }
  std::set<std::string> all;
  for (const auto& tickets : made) {
    EXPECT_TRUE(std::ranges::is_sorted(tickets));
    all.insert(tickets.begin(), tickets.end());
  }
  EXPECT_EQ(all.size(), 100U);
  EXPECT_EQ(one.pending()->size(), 100U);
}

TEST(inbox, only_tickets_are_tickets) {
  struct row {
    std::string_view text;
    bool is;
  };
  constexpr row rows[] = {
      {"1790300084123456-0123456789abcdef", true},   {"", false},
      {"1790300084123456-0123456789abcde", false},   {"1790300084123456-0123456789abcdef0", false},
      {"1790300084123456-0123456789ABCDEF", false},  {"179030008412345a-0123456789abcdef", false},
      {"1790300084123456_0123456789abcdef", false},  {"../../../../../../../../etc/passwd", false},
      {"1790300084123456-0123456789abcde/", false},  {".", false},
      {"1790300084123456-0123456789abcdef.", false}, {std::string_view("\0", 1), false},
  };
  const scratch_folder folder;
  const inbox box(folder.path());
  for (const auto& r : rows) {
    EXPECT_EQ(is_ticket(r.text), r.is) << r.text;
    EXPECT_EQ(box.status(r.text).has_value(), r.is) << r.text;
    const inbox_request request{.ticket = std::string(r.text), .kind = request_kind::articles, .bytes = 0};
    if (r.is) continue;
    EXPECT_EQ(box.read(request, 10).error().code, errc::invalid_argument) << r.text;
    EXPECT_EQ(box.finish(request, {}).error().code, errc::invalid_argument) << r.text;
  }
  EXPECT_EQ(state_of(box, rows[0].text), request_state::unknown);
}

TEST(inbox, what_is_no_request_is_passed_over) {
  const scratch_folder folder;
  const fs::path arrivals = folder.path() / "new";
  const std::string ticket = "1790300084123456-0123456789abcdef";
  put(arrivals / (ticket + ".jsonl"), "x");
  put(arrivals / (ticket + ".jsonl.swp"), "x");
  put(arrivals / ("1790300084123457-0123456789abcdef"), "x");
  put(arrivals / "notes.jsonl", "x");
  fs::create_directories(arrivals / "1790300084123458-0123456789abcdef.jsonl");
  fs::create_symlink("/etc/passwd", arrivals / "1790300084123459-0123456789abcdef.jsonl");
  const auto waiting = inbox(folder.path()).pending().value();
  ASSERT_EQ(waiting.size(), 1U);
  EXPECT_EQ(waiting[0].ticket, ticket);
}

// Killed at any point of deposit(): what is in tmp/ was not accepted and is not seen.
TEST(inbox, half_of_a_request_is_none) {
  const scratch_folder folder;
  put(folder.path() / "tmp/1790300084123456-0123456789abcdef", "{\"id\":\"a\",\"te");
  inbox box(folder.path());
  EXPECT_TRUE(box.pending()->empty());
  EXPECT_EQ(state_of(box, "1790300084123456-0123456789abcdef"), request_state::unknown);
}

// Killed at every point of finish(): afterwards the request is either worked through again or finished, never neither.
TEST(inbox, finishing_is_completed_wherever_it_was_interrupted) {
  const scratch_folder folder;
  inbox box(folder.path());
  const auto ticket = box.deposit(request_kind::articles, "x").value();
  const auto r = box.pending()->at(0);
  // Before the receipt was renamed.
  put(folder.path() / "tmp" / (ticket + ".receipt"), "rapporteur-rec");
  EXPECT_EQ(box.pending()->size(), 1U);
  EXPECT_EQ(state_of(box, ticket), request_state::queued);
  ASSERT_TRUE(box.finish(r, added("a", 1)));
  EXPECT_TRUE(entries_of(folder.path() / "tmp").empty());

  // Before the request was removed: it is put back as if it never was.
  put(folder.path() / "new" / (ticket + ".jsonl"), "x");
  EXPECT_EQ(state_of(box, ticket), request_state::finished);
  ASSERT_TRUE(box.finish(r, added("a", 2)));
  EXPECT_EQ(box.status(ticket)->outcome.revision, 1U) << "the first receipt is the one that was given out";
  EXPECT_TRUE(entries_of(folder.path() / "new").empty());

  put(folder.path() / "new" / (ticket + ".jsonl"), "x");
  EXPECT_TRUE(box.pending()->empty());
  EXPECT_TRUE(entries_of(folder.path() / "new").empty());
  ASSERT_TRUE(box.finish(r, added("a", 3)));
  EXPECT_EQ(box.status(ticket)->outcome.revision, 1U);
}

// Seen between the two steps of finish(), over and over, a request is never unknown.
TEST(inbox, a_request_is_known_at_every_moment) {
  const scratch_folder folder;
  inbox box(folder.path());
  for (int round = 0; round < 40; ++round) {
    const auto ticket = box.deposit(request_kind::removal, "a\n").value();
    std::jthread indexer([&folder] {
      const inbox side(folder.path());
      const auto waiting = side.pending().value();
      EXPECT_TRUE(side.finish(waiting.at(0), added("a", 1)));
    });
    while (true) {
      const auto state = state_of(box, ticket);
      ASSERT_NE(state, request_state::unknown);
      if (state == request_state::finished) break;
    }
  }
}

TEST(inbox, a_damaged_receipt_is_told) {
  const scratch_folder folder;
  const std::string ticket = "1790300084123456-0123456789abcdef";
  put(folder.path() / "done" / ticket, "rapporteur-receipt 9\n");
  EXPECT_EQ(inbox(folder.path()).status(ticket).error().code, errc::malformed);
}

TEST(inbox, refuses_past_its_limits) {
  const scratch_folder folder;
  inbox few(folder.path() / "few", {.max_requests = 2, .max_bytes = 1000});
  ASSERT_TRUE(few.deposit(request_kind::articles, "x"));
  ASSERT_TRUE(few.deposit(request_kind::articles, "x"));
  EXPECT_EQ(few.deposit(request_kind::articles, "x").error().code, errc::overloaded);
  ASSERT_TRUE(few.finish(few.pending()->at(0), {}));
  EXPECT_TRUE(few.deposit(request_kind::articles, "x"));

  inbox small(folder.path() / "small", {.max_requests = 100, .max_bytes = 1000});
  ASSERT_TRUE(small.deposit(request_kind::articles, std::string(600, 'x')));
  EXPECT_EQ(small.deposit(request_kind::articles, std::string(401, 'x')).error().code, errc::overloaded);
  EXPECT_TRUE(small.deposit(request_kind::articles, std::string(400, 'x')));
  EXPECT_EQ(small.pending()->size(), 2U);
  EXPECT_EQ(small.deposit(request_kind::articles, "").error().code, errc::invalid_argument);
}

TEST(inbox, is_empty_where_it_is_not) {
  const scratch_folder folder;
  const inbox box(folder.path() / "nowhere");
  EXPECT_TRUE(box.pending()->empty());
  EXPECT_EQ(box.prune(0s).value(), 0U);
  EXPECT_TRUE(entries_of(folder.path()).empty());
}

TEST(inbox, a_folder_that_cannot_be_written_keeps_nothing) {
  const scratch_folder folder;
  put(folder.path() / "file", "x");
  inbox below_a_file(folder.path() / "file" / "inbox");
  EXPECT_EQ(below_a_file.prepare().error().code, errc::io);
  const auto refused = below_a_file.deposit(request_kind::articles, "x");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, errc::io);
  EXPECT_NE(refused.error().message.find("file"), std::string::npos);

  const tiny_disk disk(folder.path() / "disk");
  if (!disk.is_mounted()) GTEST_SKIP() << "a tmpfs cannot be mounted here";
  inbox box(disk.path());
  const auto ticket = box.deposit(request_kind::articles, "x").value();
  disk.set_read_only(true);
  EXPECT_EQ(box.deposit(request_kind::articles, "x").error().code, errc::io);
  EXPECT_EQ(box.finish(box.pending()->at(0), added("a", 1)).error().code, errc::io);
  EXPECT_EQ(state_of(box, ticket), request_state::queued);
  disk.set_read_only(false);
  EXPECT_TRUE(box.finish(box.pending()->at(0), added("a", 1)));
  EXPECT_EQ(state_of(box, ticket), request_state::finished);
}

TEST(inbox, a_full_disk_keeps_what_was_accepted_and_nothing_else) {
  const scratch_folder folder;
  const tiny_disk disk(folder.path() / "disk");
  if (!disk.is_mounted()) GTEST_SKIP() << "a tmpfs cannot be mounted here";
  inbox box(disk.path());
  const auto ticket = box.deposit(request_kind::articles, std::string(1000, 'x')).value();
  const auto refused = box.deposit(request_kind::articles, std::string(2 * test::k_tiny_disk_bytes, 'y'));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, errc::disk_full);
  EXPECT_TRUE(entries_of(disk.path() / "tmp").empty());
  EXPECT_EQ(entries_of(disk.path() / "new"), std::vector<std::string>{ticket + ".jsonl"});
  EXPECT_TRUE(box.deposit(request_kind::articles, "small"));
}

TEST(inbox, pruning_takes_old_receipts_and_what_killed_processes_left) {
  const scratch_folder folder;
  inbox box(folder.path());
  const auto old = box.deposit(request_kind::articles, "x").value();
  const auto recent = box.deposit(request_kind::articles, "x").value();
  const auto held = box.deposit(request_kind::articles, "x").value();
  for (const auto& r : box.pending().value()) ASSERT_TRUE(box.finish(r, added("a", 1)));
  put(folder.path() / "new" / (held + ".jsonl"), "x");  // as if it could not be removed
  put(folder.path() / "tmp" / "left", "x");
  put(folder.path() / "tmp" / "being-written", "x");
  put(folder.path() / "done" / "notes", "x");
  for (const auto& ticket : {old, held, std::string("notes")}) make_old(folder.path() / "done" / ticket, 49h);
  make_old(folder.path() / "tmp" / "left", 2h);

  EXPECT_EQ(box.prune(48h).value(), 1U);
  EXPECT_EQ(state_of(box, old), request_state::unknown);
  EXPECT_EQ(state_of(box, recent), request_state::finished);
  EXPECT_EQ(state_of(box, held), request_state::finished);
  EXPECT_EQ(entries_of(folder.path() / "tmp"), std::vector<std::string>{"being-written"});
}

TEST(inbox, ids_of_a_removal_come_back) {
  const std::vector<std::string> ids{"a", "b c", "북한", "x/y"};
  EXPECT_EQ(split_ids(join_ids(ids)), ids);
  EXPECT_EQ(split_ids("a\n\nb"), (std::vector<std::string>{"a", "b"}));
  EXPECT_TRUE(split_ids("").empty());
}

}  // namespace
}  // namespace rapporteur::index
