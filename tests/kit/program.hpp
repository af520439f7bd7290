#pragma once

#include <poll.h>
#include <sys/types.h>
#include <string>
#include <vector>

namespace aisle::kit {

// A child process of a test: started, killed, waited for. Killed when it goes out of scope.
class Program {
public:
    Program() = default;
    // Output is appended to `log`. Asserts that the fork worked; a program that cannot be started
    // ends with 127.
    Program(const std::vector<std::string>& command, const std::string& log);
    Program(Program&& other) noexcept : pid_{other.pid_} { other.pid_ = -1; }
    Program& operator=(Program&& other) noexcept;
    ~Program();

    void signal(int number) const;
    // Exit code, or 128 + signal.
    int wait();
    void kill();  // -9, and waits
    [[nodiscard]] bool running();
    [[nodiscard]] pid_t pid() const { return pid_; }

private:
    pid_t pid_ = -1;
};

// Programs are other processes: there is nothing to wait on but what they write and answer. Looks
// every 10 ms, for at most 20 s.
template <typename Holds>
bool poll_until(Holds holds) {
    for (int tries = 0; tries < 2'000; ++tries) {
        if (holds()) return true;
        ::poll(nullptr, 0, 10);
    }
    return false;
}

// A loopback port that nobody had a moment ago.
int free_port();

}  // namespace aisle::kit
