#include "server/http/offload.hpp"

#include "tests/server/http/running_server.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <optional>
#include <stdexcept>
#include <thread>

namespace rapporteur::http {
namespace {

using namespace std::chrono_literals;
using test::gate;
constexpr auto k_no_deadline = worker_pool::clock::time_point::max();

/// Runs one coroutine to its end on this thread.
template <class F>
void run(F f) {
  asio::io_context io;
  std::exception_ptr failure;
  asio::co_spawn(io, std::move(f), [&failure](const std::exception_ptr& e) { failure = e; });
  io.run();
  if (failure) std::rethrow_exception(failure);
}

TEST(offload, works_on_a_worker_and_comes_back_to_the_callers_thread) {
  worker_pool pool(2, 8);
  run([&pool]() -> asio::awaitable<void> {
    const auto here = std::this_thread::get_id();
    std::thread::id there;
    auto work = [&there](std::size_t worker) -> result<std::size_t> {
      there = std::this_thread::get_id();
      return worker;
    };
    const auto r = co_await offload(pool, k_no_deadline, work);
    EXPECT_LT(r.value(), 2U);
    EXPECT_NE(there, here);
    EXPECT_EQ(std::this_thread::get_id(), here);
  });
}

TEST(offload, keeps_the_io_context_running_while_only_a_worker_works) {
  worker_pool pool(1, 8);
  bool finished = false;
  run([&pool, &finished]() -> asio::awaitable<void> {
    auto work = [](std::size_t) -> result<int> {
      std::this_thread::yield();
      return 1;
    };
    for (int i = 0; i < 1000; ++i) {
      const auto r = co_await offload(pool, k_no_deadline, work);
      EXPECT_EQ(r.value(), 1);
    }
    finished = true;
  });
  EXPECT_TRUE(finished);
}

TEST(offload, passes_errors_and_move_only_values) {
  worker_pool pool(1, 8);
  run([&pool]() -> asio::awaitable<void> {
    auto fails = [](std::size_t) -> result<int> { return error{errc::index_missing, "none yet"}; };
    const auto failed = co_await offload(pool, k_no_deadline, fails);
    EXPECT_EQ(failed.error().code, errc::index_missing);
    EXPECT_EQ(failed.error().message, "none yet");
    auto makes = [held = std::make_unique<int>(7)](std::size_t) mutable -> result<std::unique_ptr<int>> {
      return std::move(held);
    };
    const auto made = co_await offload(pool, k_no_deadline, std::move(makes));
    EXPECT_EQ(*made.value(), 7);
  });
}

TEST(offload, turns_exceptions_into_internal_errors_without_their_text) {
  worker_pool pool(1, 8);
  run([&pool]() -> asio::awaitable<void> {
    auto throws = [](std::size_t) -> result<int> { throw std::runtime_error("secret"); };
    const auto r = co_await offload(pool, k_no_deadline, throws);
    EXPECT_EQ(r.error().code, errc::internal);
    EXPECT_EQ(r.error().message.find("secret"), std::string::npos);
    auto throws_int = [](std::size_t) -> result<int> { throw 1; };  // NOLINT(misc-throw-by-value-catch-by-reference)
    const auto odd = co_await offload(pool, k_no_deadline, throws_int);
    EXPECT_EQ(odd.error().code, errc::internal);
  });
}

TEST(offload, each_worker_has_a_number_of_its_own) {
  constexpr std::size_t k_workers = 3;
  worker_pool pool(k_workers, 8);
  gate all_at_work;
  std::array<std::atomic<int>, k_workers> used{};
  asio::io_context io;
  for (std::size_t i = 0; i < k_workers; ++i) {
    auto work = [&](std::size_t worker) -> result<int> {
      ++used.at(worker);
      all_at_work.wait();
      return 0;
    };
    offload(pool, k_no_deadline, work, asio::detached);
  }
  all_at_work.await_waiting(k_workers);
  all_at_work.open();
  for (auto& n : used) EXPECT_EQ(n, 1);
}

TEST(offload, refuses_at_once_past_a_full_queue) {
  worker_pool pool(1, 2);
  gate busy;
  std::atomic<int> ran = 0;
  asio::io_context io;
  std::vector<result<int>> results;
  const auto submit = [&] {
    auto work = [&](std::size_t) -> result<int> {
      busy.wait();
      return ++ran;
    };
    auto keep = [&results](result<int> r) { results.push_back(std::move(r)); };
    offload(pool, k_no_deadline, work, asio::bind_executor(io, keep));
  };
  submit();
  busy.await_waiting(1);  // the worker has it: the queue is empty
  submit();
  submit();
  EXPECT_EQ(pool.queued(), 2U);
  submit();
  io.run_one();
  ASSERT_EQ(results.size(), 1U);
  EXPECT_EQ(results[0].error().code, errc::overloaded);
  busy.open();
  io.run();
  ASSERT_EQ(results.size(), 4U);
  EXPECT_EQ(ran, 3);
}

TEST(offload, does_not_run_what_waited_past_its_deadline) {
  worker_pool pool(1, 8);
  gate busy;
  asio::io_context io;
  auto hold = [&](std::size_t) -> result<int> {
    busy.wait();
    return 0;
  };
  offload(pool, k_no_deadline, hold, asio::detached);
  busy.await_waiting(1);
  bool ran = false;
  std::optional<result<int>> got;
  auto work = [&ran](std::size_t) -> result<int> {
    ran = true;
    return 0;
  };
  auto keep = [&got](result<int> r) { got = std::move(r); };
  offload(pool, worker_pool::clock::now() - 1ns, work, asio::bind_executor(io, keep));
  busy.open();
  io.run();
  ASSERT_TRUE(got);
  EXPECT_EQ(got->error().code, errc::deadline_exceeded);
  EXPECT_FALSE(ran);
}

TEST(worker_pool, stop_finishes_what_runs_and_refuses_the_rest) {
  worker_pool pool(1, 8);
  gate busy;
  asio::io_context io;
  std::vector<result<int>> results;
  const auto submit = [&] {
    auto work = [&](std::size_t) -> result<int> {
      busy.wait();
      return 1;
    };
    auto keep = [&results](result<int> r) { results.push_back(std::move(r)); };
    offload(pool, k_no_deadline, work, asio::bind_executor(io, keep));
  };
  submit();
  busy.await_waiting(1);
  submit();
  std::thread stopper([&pool] { pool.stop(); });
  io.run_one();  // the one in the queue, before what runs has ended
  ASSERT_EQ(results.size(), 1U);
  EXPECT_EQ(results[0].error().code, errc::overloaded);
  busy.open();
  io.run();
  stopper.join();
  ASSERT_EQ(results.size(), 2U);
  EXPECT_EQ(results[1].value(), 1);
  submit();
  io.restart();
  io.run();
  ASSERT_EQ(results.size(), 3U);
  EXPECT_EQ(results[2].error().code, errc::overloaded) << "a stopped pool takes nothing";
}

TEST(worker_pool, idle_workers_are_told_so_again_and_again_until_the_stop) {
  constexpr std::size_t k_workers = 2;
  worker_pool pool(k_workers, 8);
  std::array<std::atomic<int>, k_workers> calls{};
  pool.when_idle(1ms, [&calls](std::size_t worker) {
    ++calls.at(worker);
    calls.at(worker).notify_all();
  });
  for (auto& n : calls) {
    for (int seen = n; seen < 3; seen = n) n.wait(seen);
  }
  pool.stop();
  const int after = calls[0] + calls[1];
  pool.stop();
  EXPECT_EQ(calls[0] + calls[1], after);
}

TEST(worker_pool, whoever_has_work_is_not_idle) {
  worker_pool pool(1, 8);
  gate busy;
  std::atomic<int> calls = 0;
  asio::io_context io;
  std::vector<int> calls_at_work;
  const auto submit = [&] {
    auto work = [&](std::size_t) -> result<int> {
      busy.wait();
      return calls.load();
    };
    auto keep = [&calls_at_work](const result<int>& r) { calls_at_work.push_back(r.value()); };
    offload(pool, k_no_deadline, work, asio::bind_executor(io, keep));
  };
  submit();
  busy.await_waiting(1);
  pool.when_idle(0ms, [&calls](std::size_t) {
    ++calls;
    calls.notify_all();
  });
  submit();
  busy.open();
  io.run();
  EXPECT_EQ(calls_at_work, (std::vector<int>{0, 0}));
  calls.wait(0);  // and now it has none
}

}  // namespace
}  // namespace rapporteur::http
