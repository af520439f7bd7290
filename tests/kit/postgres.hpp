#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "tests/kit/program.hpp"

namespace aisle::kit {

// A throw-away PostgreSQL 15 cluster on loopback, trusting everybody there. Of a test program's
// own: initdb takes seconds, so most tests share one and take a database each.
class Postgres {
public:
    struct Options {
        bool fsync = false;  // needed only where the machine, not the program, is to die
        std::string extra;   // lines for postgresql.conf
    };

    // Tests are skipped where it is not installed.
    static bool available();
    // The program's own, started at the first call.
    static Postgres& shared();

    Postgres() : Postgres(Options{}) {}
    explicit Postgres(const Options& options);
    ~Postgres();
    Postgres(const Postgres&) = delete;
    Postgres& operator=(const Postgres&) = delete;

    // True once it answers; false if it does not within 30 seconds.
    bool start();
    void stop();                    // in order, as a fail-over does it: connections are cut
    void kill();                    // -9, to all of its processes
    void freeze(bool still) const;  // SIGSTOP and SIGCONT of all: sockets stay open

    // A new, empty database's URL.
    std::string fresh_database();
    [[nodiscard]] std::string url(const std::string& database = "postgres") const;
    [[nodiscard]] int port() const { return port_; }
    [[nodiscard]] std::filesystem::path log() const { return folder_ / "log"; }

private:
    void signal_all(int number) const;

    std::filesystem::path folder_;
    int port_ = 0;
    int databases_ = 0;
    Program server_;
};

// The first column of the first row as text, empty for NULL or none; "ERROR: ..." where it fails.
std::string pg_text(const std::string& url, const std::string& sql);

#define NEEDS_POSTGRES() \
    if (!kit::Postgres::available()) GTEST_SKIP() << "postgresql-15 is not installed"

}  // namespace aisle::kit
