#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>

// A real broker on a free loopback port, for tests of what only a real one does.
namespace aisle::kit {

class Mosquitto {
public:
    // Tests are skipped where there is none.
    static bool available();

    // `extra` is added to its configuration, line by line. Not started yet.
    explicit Mosquitto(const std::string& extra = {});
    // A whole configuration instead, such as one that we ship: @PORT@ and @DIR@ are replaced.
    struct Whole {
        std::string text;
    };
    explicit Mosquitto(const Whole& config);
    ~Mosquitto();
    Mosquitto(const Mosquitto&) = delete;
    Mosquitto& operator=(const Mosquitto&) = delete;

    // Returns once it accepts connections; false if it does not within ten seconds.
    bool start();
    void kill();    // SIGKILL: it keeps nothing
    void reload();  // SIGHUP: its files are read again
    void freeze();  // SIGSTOP: its sockets stay open and it answers nothing
    void thaw();    // SIGCONT: it goes on with what has gathered meanwhile
    [[nodiscard]] std::uint16_t port() const { return port_; }
    [[nodiscard]] const std::filesystem::path& folder() const { return folder_; }

private:
    void make_folder();

    std::filesystem::path folder_;
    std::uint16_t port_ = 0;
    pid_t process_ = 0;
};

// Runs a real loop until `holds` or the limit; returns what `holds` says in the end.
template <typename Loop, typename Condition>
bool run_until(Loop& loop, Condition holds,
               std::chrono::milliseconds limit = std::chrono::seconds{20}) {
    using std::chrono::milliseconds;
    bool late = false;
    auto overdue = loop.after(limit, [&] { late = true; });
    while (!holds() && !late) {
        auto look = loop.after(milliseconds{2}, [&] { loop.stop(); });
        loop.run();
    }
    return holds();
}

}  // namespace aisle::kit
