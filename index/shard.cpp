#include "index/shard.hpp"

#include "index/xapian_error.hpp"

#include <fmt/format.h>
#include <xapian.h>

#include <new>
#include <stdexcept>
#include <utility>

namespace rapporteur::index {
namespace {

constexpr std::size_t k_queue_articles = 256;
constexpr std::size_t k_queue_bytes = 16 << 20;

}  // namespace

shard::shard(std::string name, opener open)
    : name_(std::move(name)), open_(std::move(open)), thread_([this] { work(); }) {}

shard::~shard() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    queue_.clear();
  }
  wake_worker_.notify_all();
  thread_.join();
}

void shard::fail(error e) {
  {
    const std::lock_guard lock(mutex_);
    if (!failure_) failure_ = std::move(e);
    queue_.clear();
    queued_bytes_ = 0;
  }
  wake_caller_.notify_all();
}

void shard::work() {
  try {
    const std::unique_ptr<article_database> db = open_();
    while (true) {
      job j;
      {
        std::unique_lock lock(mutex_);
        wake_worker_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
        if (stopping_) return;  // the database is closed without a commit
        j = std::move(queue_.front());
        queue_.pop_front();
        queued_bytes_ -= j.subject.text.size();
      }
      wake_caller_.notify_all();
      handle(*db, j);
      if (j.kind == job::what::finish) return;
    }
  } catch (const Xapian::Error& e) {
    fail(from_xapian(e, name_));
  } catch (const std::length_error&) {
    fail(impossible_length(name_));
  } catch (const std::bad_alloc&) {
    fail({errc::io, fmt::format("{}: not enough memory", name_)});
  } catch (const std::exception& e) {
    fail({errc::internal, fmt::format("{}: {}", name_, e.what())});
  }
}

void shard::reply(bool r) {
  {
    const std::lock_guard lock(mutex_);
    reply_ = r;
  }
  wake_caller_.notify_all();
}

void shard::report(shard_outcome o) {
  const std::lock_guard lock(mutex_);
  outcomes_.push_back(std::move(o));
}

void shard::handle(article_database& db, job& j) {
  switch (j.kind) {
    case job::what::add: {
      std::string id = j.subject.id;
      const write_outcome what = db.add(j.subject);
      changed_ = changed_ || what != write_outcome::unchanged;
      report({{std::move(id), what, std::move(j.subject.language)}, {}});
      return;
    }
    case job::what::begin_file:
      db.begin_file();
      return;
    case job::what::end_file:
    case job::what::drop_file: {
      file_end end = j.kind == job::what::end_file ? db.end_file(j.file, j.prune) : db.drop_file(j.file.path);
      changed_ = changed_ || !end.removed.empty();
      if (!end.removed.empty() || !end.read_again.empty()) report({{}, std::move(end)});
      return;
    }
    case job::what::remove: {
      const bool there = db.remove(j.subject.id);
      changed_ = changed_ || there;
      reply(there);
      return;
    }
    case job::what::drain:
      reply(true);
      return;
    case job::what::finish:
      db.finish(j.metadata, changed_);
      reply(changed_);
      return;
  }
}

result<void> shard::push_job(job j) {
  std::unique_lock lock(mutex_);
  wake_caller_.wait(lock, [this] {
    return failure_ || queue_.empty() || (queue_.size() < k_queue_articles && queued_bytes_ < k_queue_bytes);
  });
  if (failure_) return *failure_;
  queued_bytes_ += j.subject.text.size();
  queue_.push_back(std::move(j));
  lock.unlock();
  wake_worker_.notify_one();
  return {};
}

result<void> shard::push(article a) {
  job j;
  j.subject = std::move(a);
  return push_job(std::move(j));
}

result<void> shard::begin_file() {
  job j;
  j.kind = job::what::begin_file;
  return push_job(std::move(j));
}

result<void> shard::end_file(known_file file, bool prune) {
  job j;
  j.kind = job::what::end_file;
  j.file = std::move(file);
  j.prune = prune;
  return push_job(std::move(j));
}

result<void> shard::drop_file(std::string path) {
  job j;
  j.kind = job::what::drop_file;
  j.file.path = std::move(path);
  return push_job(std::move(j));
}

result<void> shard::ask(job j) {
  const std::lock_guard lock(mutex_);
  if (failure_) return *failure_;
  reply_.reset();
  queue_.push_back(std::move(j));
  wake_worker_.notify_one();
  return {};
}

result<bool> shard::await_reply() {
  std::unique_lock lock(mutex_);
  wake_caller_.wait(lock, [this] { return failure_ || reply_; });
  if (failure_) return *failure_;
  return reply_.value_or(false);
}

result<bool> shard::remove(const std::string& id) {
  job j;
  j.kind = job::what::remove;
  j.subject.id = id;
  if (auto asked = ask(std::move(j)); !asked) return asked.error();
  return await_reply();
}

result<void> shard::drain() {
  job j;
  j.kind = job::what::drain;
  if (auto asked = ask(std::move(j)); !asked) return asked;
  if (auto done = await_reply(); !done) return done.error();
  return {};
}

result<void> shard::begin_finish(const metadata_list& metadata) {
  job j;
  j.kind = job::what::finish;
  j.metadata = metadata;
  return ask(std::move(j));
}

result<bool> shard::await_finish() {
  return await_reply();
}

std::vector<shard_outcome> shard::take_outcomes() {
  const std::lock_guard lock(mutex_);
  return std::exchange(outcomes_, {});
}

}  // namespace rapporteur::index
