#include "tests/kit/postgres.hpp"

#include <libpq-fe.h>
#include <poll.h>
#include <pwd.h>
#include <signal.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <vector>

namespace aisle::kit {
namespace {

constexpr const char* kPrograms = "/usr/lib/postgresql/15/bin/";
constexpr int kTriesMax = 300;
constexpr int kTryEveryMs = 100;

std::string program(const char* name) { return std::string{kPrograms} + name; }

// PostgreSQL refuses to run as root.
std::vector<std::string> as_its_user(std::vector<std::string> command) {
    if (geteuid() != 0) return command;
    std::vector<std::string> whole{"setpriv", "--reuid=postgres", "--regid=postgres",
                                   "--init-groups", "--pdeathsig=KILL"};
    whole.insert(whole.end(), command.begin(), command.end());
    return whole;
}

std::vector<pid_t> children_of(pid_t parent) {
    const std::string id = std::to_string(parent);
    std::ifstream list{"/proc/" + id + "/task/" + id + "/children"};
    std::vector<pid_t> all;
    for (pid_t child = 0; list >> child;) all.push_back(child);
    return all;
}

}  // namespace

bool Postgres::available() { return access(program("postgres").c_str(), X_OK) == 0; }

Postgres& Postgres::shared() {
    static Postgres cluster;
    if (!cluster.server_.running() && !cluster.start()) std::abort();
    return cluster;
}

Postgres::Postgres(const Options& options) : port_{free_port()} {
    std::string name = (std::filesystem::temp_directory_path() / "aisle-pg-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) std::abort();
    folder_ = name;
    if (const passwd* user = getpwnam("postgres"); geteuid() == 0 && user != nullptr)
        if (chown(name.c_str(), user->pw_uid, user->pw_gid) != 0) std::abort();
    const std::string data = folder_ / "data";
    Program made{as_its_user({program("initdb"), "-D", data, "-U", "postgres", "-A", "trust", "-N",
                              "--encoding=UTF8", "--locale=C"}),
                 log()};
    if (made.wait() != 0) std::abort();
    std::ofstream config{data + "/postgresql.conf", std::ios::app};
    config << "port = " << port_ << "\nlisten_addresses = '127.0.0.1'\n"
           << "unix_socket_directories = ''\nmax_connections = 40\nshared_buffers = 64MB\n"
           << "fsync = " << (options.fsync ? "on" : "off") << '\n'
           << options.extra << '\n';
}

Postgres::~Postgres() {
    kill();
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
}

// After a kill the old processes may still hold the shared memory: then it does not start at once.
bool Postgres::start() {
    for (int tries = 0; tries < kTriesMax; ++tries) {
        if (!server_.running())
            server_ = Program{as_its_user({program("postgres"), "-D", folder_ / "data"}), log()};
        if (PQping(url().c_str()) == PQPING_OK) return true;
        poll(nullptr, 0, kTryEveryMs);
    }
    return false;
}

void Postgres::stop() {
    if (!server_.running()) return;
    server_.signal(SIGINT);  // "fast": it cuts its clients off
    server_.wait();
}

void Postgres::signal_all(int number) const {
    const auto children = children_of(server_.pid());
    server_.signal(number);
    for (const pid_t child : children) ::kill(child, number);
}

void Postgres::kill() {
    if (!server_.running()) return;
    signal_all(SIGKILL);
    server_.wait();
}

void Postgres::freeze(bool still) const { signal_all(still ? SIGSTOP : SIGCONT); }

std::string Postgres::url(const std::string& database) const {
    return "postgresql://postgres@127.0.0.1:" + std::to_string(port_) + "/" + database;
}

std::string Postgres::fresh_database() {
    const std::string name = "test" + std::to_string(++databases_);
    pg_text(url(), "CREATE DATABASE " + name);
    return url(name);
}

std::string pg_text(const std::string& url, const std::string& sql) {
    PGconn* const connection = PQconnectdb(url.c_str());
    PGresult* const result = PQexec(connection, sql.c_str());
    std::string text;
    const auto status = PQresultStatus(result);
    if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK)
        text = std::string{"ERROR: "} + PQerrorMessage(connection);
    else if (PQntuples(result) > 0)
        text = PQgetvalue(result, 0, 0);
    PQclear(result);
    PQfinish(connection);
    return text;
}

}  // namespace aisle::kit
