#include "tests/crash/scenarios.hpp"

#include "tests/crash/hindered.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <ostream>

namespace rapporteur::crash {
namespace {

namespace fs = std::filesystem;

words add(const fs::path& path) {
  return {"add", path.string()};
}
words remove_unwanted(const archive& a) {
  words w{"remove"};
  w.insert(w.end(), a.unwanted().begin(), a.unwanted().end());
  return w;
}

}  // namespace

const std::vector<scenario>& scenarios() {
  static const std::vector<scenario> all = {
      {"add_to_nothing", [](const archive&) { return std::vector<words>{}; },
       [](const archive& a) { return add(a.first()); }},
      {"add_changes", [](const archive& a) { return std::vector<words>{add(a.first())}; },
       [](const archive& a) { return add(a.changes()); }},
      {"add_changes_twice",
       [](const archive& a) {
         return std::vector<words>{add(a.first()), add(a.changes())};
       },
       [](const archive& a) { return add(a.later()); }},
      {"rebuild", [](const archive& a) { return std::vector<words>{add(a.first())}; },
       [](const archive& a) {
         return words{"rebuild", a.later().string()};
       }},
      {"rebuild_again",
       [](const archive& a) {
         return std::vector<words>{add(a.first()), words{"rebuild", a.first().string()}};
       },
       [](const archive& a) {
         return words{"rebuild", a.later().string()};
       }},
      {"prune",
       [](const archive& a) {
         a.make_live(a.first());
         return std::vector<words>{add(a.live())};
       },
       [](const archive& a) {
         return words{"add", "--prune", a.live().string()};
       },
       0, [](const archive& a) { a.make_live(a.later()); }},
      {"compact",
       [](const archive& a) {
         return std::vector<words>{add(a.first()), add(a.changes()), add(a.later())};
       },
       [](const archive&) { return words{"compact"}; }, 0, nullptr, true},
      {"restore",
       [](const archive& a) {
         return std::vector<words>{add(a.first()), words{"snapshot", a.snapshot().string()}, add(a.changes())};
       },
       [](const archive& a) {
         return words{"restore", a.snapshot().string()};
       }},
      {"remove", [](const archive& a) { return std::vector<words>{add(a.first())}; }, remove_unwanted, 1},
  };
  return all;
}

void PrintTo(const scenario& s, std::ostream* out) {
  *out << s.name;
}

prepared::prepared(const scenario& s) : scenario_(s), command_(s.command(archive_)) {
  const auto run_all_well = [](const fs::path& folder, const words& command) {
    const auto run = run_undisturbed(folder, command);
    if (run.status != 0) throw std::runtime_error(fmt::format("{}: {}{}", command[0], run.out, run.err));
  };
  for (const words& command : s.before(archive_)) run_all_well(template_.path(), command);
  if (s.meanwhile != nullptr) s.meanwhile(archive_);
  const fs::path index = template_.path() / "index";
  before_ = read_index(index);
  generation_ = current_generation(index);
  if (fs::exists(index)) footprint_before_ = footprint_of(index);

  const auto folder = copy();
  const auto began = std::chrono::steady_clock::now();
  run_all_well(folder->path(), command_);
  seconds_ = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
  const fs::path done = folder->path() / "index";
  const auto state = read_index(done);
  if (!state) throw std::runtime_error("no index was made");
  after_ = *state;
  footprint_after_ = footprint_of(done);
  questions_ = questions_of(done);
  answers_ = ask(done, questions_);

  commit_points_ = run_hindered(copy()->path(), command_).points;
  all_points_ = run_hindered(copy()->path(), command_, {.all_points = true}).points;
}

std::unique_ptr<test::scratch_folder> prepared::copy() const {
  auto folder = std::make_unique<test::scratch_folder>();
  if (fs::exists(template_.path() / "index"))
    fs::copy(template_.path() / "index", folder->path() / "index", fs::copy_options::recursive);
  return folder;
}

void prepared::expect_whole(const fs::path& folder) const {
  const fs::path index = folder / "index";
  const auto state = read_index(index);
  if (!state) {
    EXPECT_FALSE(before_.has_value()) << "the index is gone";
    return;
  }
  const auto check = run_undisturbed(folder, {"check"});
  // Killed behind the first generation's rename and before the first pointer to it: readers take the newest one, the
  // next run makes it current, and check tells both.
  const bool not_pointed_to = !before_ && !fs::exists(index / "current");
  EXPECT_EQ(check.status, not_pointed_to ? 1 : 0) << check.out << check.err;
  if (*state == after_ || (before_ && *state == *before_)) return;
  std::size_t strange = 0;
  for (const auto& [id, hash] : state->articles) {
    const auto then = after_.articles.find(id);
    if (then == after_.articles.end() || then->second != hash) ++strange;
  }
  ADD_FAILURE() << "neither the set before (" << (before_ ? before_->articles.size() : 0)
                << " articles) nor the set after (" << after_.articles.size() << "): " << state->articles.size()
                << ", of which " << strange << " are not as they are after";
}

void prepared::expect_done(const fs::path& folder) const {
  const auto state = read_index(folder / "index");
  ASSERT_TRUE(state);
  EXPECT_TRUE(*state == after_) << state->articles.size() << " articles instead of " << after_.articles.size()
                                << ", or others";
}

void prepared::expect_finishes(const fs::path& folder) const {
  const fs::path index = folder / "index";
  const auto run = run_undisturbed(folder, command_);
  EXPECT_TRUE(run.status == 0 || run.status == scenario_.status_again) << run.status << ": " << run.out << run.err;
  expect_whole(folder);
  const auto state = read_index(index);
  ASSERT_TRUE(state);
  ASSERT_TRUE(*state == after_) << state->articles.size() << " articles instead of " << after_.articles.size()
                                << ", or others";
  // Scores are comparable under one model; where a run began a new index, its sample is the same and so is the model.
  EXPECT_EQ(state->impacts, after_.impacts);
  if (state->impacts == after_.impacts) expect_same_answers(answers_, ask(index, questions_), questions_);

  const footprint now = footprint_of(index);
  const footprint& previous = before_ ? footprint_before_ : footprint_after_;
  const auto listed = fmt::format("{}", fmt::join(now.entries, " "));
  EXPECT_LE(now.files, footprint_after_.files + previous.files) << listed;
  // Blocks that a second run leaves free in a B-tree are no growth.
  EXPECT_LE(now.bytes, footprint_after_.bytes * 5 / 4 + previous.bytes) << listed;
  for (const std::string& name : now.entries) {
    EXPECT_FALSE(name.find(".building") != std::string::npos || name.ends_with(".new") || name.ends_with(".tmp"))
        << "left behind: " << listed;
  }
}

}  // namespace rapporteur::crash
