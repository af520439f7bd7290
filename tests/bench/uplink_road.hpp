#pragma once

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <memory>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "agent/app/storage.hpp"
#include "agent/runtime/io_loop.hpp"
#include "agent/runtime/system_clock.hpp"
#include "agent/runtime/worker_thread.hpp"
#include "sync/hq/collector.hpp"
#include "sync/mqtt/transport.hpp"
#include "sync/uplink/uplink.hpp"
#include "sync/wire/batch.hpp"
#include "tests/kit/builders.hpp"
#include "tests/kit/mosquitto.hpp"

// Both ends of the way to HQ as processes of their own over a real broker.
namespace aisle::bench {

inline double seconds_since(MonoTime start, const Clock& clock) {
    return std::chrono::duration<double>(clock.now().mono - start).count();
}

// Of a process, from /proc: what it has used of the processors, and its memory.
inline double cpu_seconds(pid_t process) {
    std::ifstream file{"/proc/" + std::to_string(process) + "/stat"};
    std::string text;
    std::getline(file, text);
    std::istringstream fields{text.substr(text.rfind(')') + 2)};
    std::string skipped;
    for (int i = 0; i < 11; ++i) fields >> skipped;
    double user = 0;
    double system = 0;
    fields >> user >> system;
    return (user + system) / static_cast<double>(sysconf(_SC_CLK_TCK));
}

// What is its own: pages of programs and files, which the system may drop, are left out.
inline long own_kb(pid_t process) {
    constexpr std::string_view kName = "RssAnon:";
    std::ifstream status{"/proc/" + std::to_string(process) + "/status"};
    for (std::string line; std::getline(status, line);)
        if (line.starts_with(kName)) return std::atol(line.c_str() + kName.size());
    return 0;
}

struct Folder {
    Folder() {
        std::string name = (std::filesystem::temp_directory_path() / "aisle-bench-XXXXXX").string();
        if (mkdtemp(name.data()) == nullptr) std::abort();
        path = name;
    }
    ~Folder() { std::filesystem::remove_all(path); }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    std::filesystem::path path;
};

inline mqtt::TransportSettings link_settings(const std::string& name, std::uint16_t port) {
    return {.name = name, .port = port, .client_id = name};
}

// HQ with its threads, for as long as this lives. Made before this process has threads.
class HqProcess {
public:
    HqProcess(const std::string& url, const mqtt::TransportSettings& settings) {
        int ready[2];
        if (pipe(ready) != 0) std::abort();
        process_ = fork();
        if (process_ == 0) serve(url, settings, ready[1]);
        close(ready[1]);
        char word = 0;
        ready_ = read(ready[0], &word, 1) == 1;
        close(ready[0]);
    }
    ~HqProcess() {
        kill(process_, SIGKILL);
        waitpid(process_, nullptr, 0);
    }
    HqProcess(const HqProcess&) = delete;
    HqProcess& operator=(const HqProcess&) = delete;
    [[nodiscard]] bool ready() const { return ready_; }
    [[nodiscard]] pid_t pid() const { return process_; }

private:
    [[noreturn]] static void serve(const std::string& url, const mqtt::TransportSettings& settings,
                                   int ready) {
        const runtime::SystemClock clock{1};
        const auto metrics = runtime::make_metrics();
        runtime::IoLoop loop{clock, *metrics};
        runtime::WorkerThread thread{{.name = "hq-storage"}, *metrics};
        auto events = hq::open_event_store(url, {.accept_new = true});
        if (!events) _exit(74);
        const auto link = mqtt::make_transport(loop, *metrics, settings);
        hq::Collector collector{{*link, **events, loop, *metrics, [&thread](runtime::Task task) {
                                     return thread.submit(std::move(task));
                                 }}};
        collector.start();
        if (!kit::run_until(loop, [&] { return collector.connected(); })) _exit(69);
        if (write(ready, "1", 1) != 1) _exit(74);
        for (;;) loop.run();
    }

    pid_t process_ = 0;
    bool ready_ = false;
};

// The agent's half: store, threads, uplink.
class Road {
public:
    Road(store::Store& writer, store::Reads& reader, const mqtt::TransportSettings& settings)
        : storage_{{.writer = writer,
                    .reader = reader,
                    .write = [this](runtime::Task task) { return write_.submit(std::move(task)); },
                    .read = [this](runtime::Task task) { return read_.submit(std::move(task)); },
                    .loop = loop}},
          link_{mqtt::make_transport(loop, *metrics, settings)},
          uplink_{uplink::make_uplink(
              {.outbox = storage_,
               .transport = *link_,
               .executor = loop,
               .metrics = *metrics,
               .pack = [this](runtime::Task task) { return read_.submit(std::move(task)); }},
              {.store = StoreId{"s-0001"}, .epoch = *writer.epoch()})} {}
    ~Road() {
        write_.stop(runtime::WorkerThread::OnStop::Drain);
        read_.stop(runtime::WorkerThread::OnStop::Drain);
    }
    Road(const Road&) = delete;
    Road& operator=(const Road&) = delete;

    [[nodiscard]] bool connect() {
        uplink_->start();
        return kit::run_until(loop, [this] { return uplink_->status().connected; });
    }
    // Tells the uplink of so many records. Seconds until HQ has acknowledged as many as are there
    // then, in all; negative if it never did.
    double drain(std::int64_t all_rows) {
        most_kb_ = own_kb(getpid());
        const auto weighing = runtime::every(
            loop, milliseconds{50}, [this] { most_kb_ = std::max(most_kb_, own_kb(getpid())); });
        const MonoTime start = clock.now().mono;
        for (const Stream stream : kUpStreams) uplink_->wake(stream, wire::kBatchRowsMax);
        const bool all = kit::run_until(
            loop, [&] { return acknowledged() >= all_rows; }, minutes{8});
        return all ? seconds_since(start, clock) : -1;
    }
    // The most memory of its own during the last drain.
    [[nodiscard]] long most_kb() const { return most_kb_; }
    [[nodiscard]] std::int64_t acknowledged() const {
        std::int64_t sum = 0;
        for (const auto& stream : uplink_->status().streams) sum += stream.acknowledged;
        return sum;
    }
    [[nodiscard]] double total(const char* name) const {
        double sum = 0;
        for (const Stream stream : kUpStreams)
            sum += metrics->counter(name, "", {{"stream", std::string{to_text(stream)}}}).value();
        return sum;
    }
    [[nodiscard]] app::Storage& storage() { return storage_; }
    [[nodiscard]] uplink::Uplink& uplink() { return *uplink_; }

    runtime::SystemClock clock{1};
    std::unique_ptr<runtime::Metrics> metrics = runtime::make_metrics();
    runtime::IoLoop loop{clock, *metrics};

private:
    runtime::WorkerThread write_{{.name = "storage"}, *metrics};
    runtime::WorkerThread read_{{.name = "reader"}, *metrics};
    app::Storage storage_;
    std::unique_ptr<Transport> link_;
    std::unique_ptr<uplink::Uplink> uplink_;
    long most_kb_ = 0;
};

}  // namespace aisle::bench
