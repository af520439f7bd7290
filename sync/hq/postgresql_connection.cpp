#include "sync/hq/postgresql_connection.hpp"

#include <libpq-fe.h>
#include <poll.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <utility>

namespace aisle::hq {
namespace {

constexpr std::size_t kPutBytes = 256 * 1024;

// The server's own limits end a statement before we lose patience with the server. An address with
// `options` of its own replaces them all.
constexpr const char* kSession =
    "-c statement_timeout=30s -c lock_timeout=5s -c idle_in_transaction_session_timeout=60s "
    "-c timezone=UTC -c client_min_messages=warning -c datestyle=ISO";

// One line, without the line break that libpq ends its messages with.
std::string trimmed(const char* message) {
    std::string text = message == nullptr ? "" : message;
    std::ranges::replace(text, '\n', ' ');
    while (!text.empty() && text.back() == ' ') text.pop_back();
    return text;
}

bool good(ExecStatusType status) {
    return status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK || status == PGRES_COPY_IN;
}

}  // namespace

PostgresqlRows::PostgresqlRows(pg_result* result) : result_{result, PQclear} {}
int PostgresqlRows::size() const { return PQntuples(result_.get()); }
bool PostgresqlRows::null(int row, int column) const {
    return PQgetisnull(result_.get(), row, column) != 0;
}
std::string_view PostgresqlRows::text(int row, int column) const {
    return {PQgetvalue(result_.get(), row, column),
            static_cast<std::size_t>(PQgetlength(result_.get(), row, column))};
}
std::int64_t PostgresqlRows::integer(int row, int column) const {
    return std::strtoll(PQgetvalue(result_.get(), row, column), nullptr, 10);
}
std::int64_t PostgresqlRows::touched() const {
    return std::strtoll(PQcmdTuples(result_.get()), nullptr, 10);
}

std::string_view PostgresqlRows::tag() const { return result_ ? PQcmdStatus(result_.get()) : ""; }

void PostgresqlConnection::Closer::operator()(pg_conn* connection) const { PQfinish(connection); }

PostgresqlConnection::PostgresqlConnection(pg_conn* connection, int silence_max_ms)
    : connection_{connection}, silence_max_ms_{silence_max_ms} {}

Result<PostgresqlConnection> PostgresqlConnection::open(const std::string& url,
                                                        int silence_max_ms) {
    // Before the address, so that the address may say otherwise.
    struct Option {
        const char* name;
        const char* value;
    };
    const std::array<Option, 11> options{{{"connect_timeout", "5"},
                                          {"keepalives_idle", "10"},
                                          {"keepalives_interval", "5"},
                                          {"keepalives_count", "2"},
                                          {"tcp_user_timeout", "15000"},
                                          {"target_session_attrs", "read-write"},
                                          {"application_name", "aisle-hq"},
                                          {"client_encoding", "UTF8"},
                                          {"options", kSession},
                                          {"dbname", url.c_str()},
                                          {nullptr, nullptr}}};
    std::array<const char*, 11> names{};
    std::array<const char*, 11> values{};
    std::ranges::transform(options, names.begin(), &Option::name);
    std::ranges::transform(options, values.begin(), &Option::value);
    PostgresqlConnection connection{PQconnectdbParams(names.data(), values.data(), 1),
                                    silence_max_ms};
    PGconn* const made = connection.connection_.get();
    if (PQstatus(made) != CONNECTION_OK)
        return unavailable("PostgreSQL: " + trimmed(PQerrorMessage(made)));
    if (PQsetnonblocking(made, 1) != 0) return unavailable("PostgreSQL: not to be had unblocked");
    return connection;
}

bool PostgresqlConnection::broken() const {
    return !connection_ || PQstatus(connection_.get()) != CONNECTION_OK;
}

Error PostgresqlConnection::give_up(const std::string& why) {
    connection_.reset();
    state_.clear();
    return unavailable("PostgreSQL: " + why);
}

Error PostgresqlConnection::failed(pg_result* result) {
    const char* const state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    state_ = state == nullptr ? "" : state;
    return unavailable("PostgreSQL: " + trimmed(PQresultErrorMessage(result)));
}

Status PostgresqlConnection::wait(short events) {
    pollfd one{PQsocket(connection_.get()), events, 0};
    const int ready = poll(&one, 1, silence_max_ms_);
    if (ready == 0) return give_up("the server is silent");
    return {};
}

Status PostgresqlConnection::flush() {
    for (;;) {
        const int rest = PQflush(connection_.get());
        if (rest == 0) return {};
        if (rest < 0) return give_up(trimmed(PQerrorMessage(connection_.get())));
        if (auto ready = wait(POLLIN | POLLOUT); !ready) return ready;
        if (PQconsumeInput(connection_.get()) == 0)
            return give_up(trimmed(PQerrorMessage(connection_.get())));
    }
}

Status PostgresqlConnection::sent(int done) {
    if (done == 0) return give_up(trimmed(PQerrorMessage(connection_.get())));
    return flush();
}

Result<pg_result*> PostgresqlConnection::next() {
    while (PQisBusy(connection_.get()) != 0) {
        if (auto ready = wait(POLLIN); !ready) return ready.error();
        if (PQconsumeInput(connection_.get()) == 0)
            return give_up(trimmed(PQerrorMessage(connection_.get())));
    }
    return PQgetResult(connection_.get());
}

// All results up to the end of the answer; the first fault wins.
Result<PostgresqlRows> PostgresqlConnection::finish() {
    PostgresqlRows last{nullptr};
    std::optional<Error> fault;
    for (;;) {
        const auto result = next();
        if (!result) return result.error();
        if (*result == nullptr) break;
        PostgresqlRows rows{*result};
        if (!good(PQresultStatus(*result))) {
            if (!fault) fault = failed(*result);
        } else {
            last = std::move(rows);
        }
    }
    if (PQstatus(connection_.get()) != CONNECTION_OK)
        return give_up(fault ? fault->detail : trimmed(PQerrorMessage(connection_.get())));
    if (fault) return *fault;
    return last;
}

Result<PostgresqlRows> PostgresqlConnection::run(const std::string& sql) {
    if (broken()) return give_up("no connection");
    if (auto asked = sent(PQsendQuery(connection_.get(), sql.c_str())); !asked)
        return asked.error();
    return finish();
}

Result<PostgresqlRows> PostgresqlConnection::query(const std::string& sql,
                                                   const std::vector<PostgresqlValue>& values) {
    if (broken()) return give_up("no connection");
    std::vector<const char*> texts;
    texts.reserve(values.size());
    for (const auto& value : values) texts.push_back(value ? value->c_str() : nullptr);
    if (auto asked =
            sent(PQsendQueryParams(connection_.get(), sql.c_str(), static_cast<int>(texts.size()),
                                   nullptr, texts.data(), nullptr, nullptr, 0));
        !asked)
        return asked.error();
    return finish();
}

Status PostgresqlConnection::put(std::string_view bytes) {
    while (!bytes.empty()) {
        const auto part = bytes.substr(0, kPutBytes);
        const int done =
            PQputCopyData(connection_.get(), part.data(), static_cast<int>(part.size()));
        if (done < 0) return give_up(trimmed(PQerrorMessage(connection_.get())));
        if (done > 0) bytes.remove_prefix(part.size());
        if (auto ready = flush(); !ready) return ready;
    }
    return {};
}

Status PostgresqlConnection::begin_copy(const std::string& sql) {
    if (broken()) return give_up("no connection");
    if (auto asked = sent(PQsendQuery(connection_.get(), sql.c_str())); !asked) return asked;
    const auto begun = next();
    if (!begun) return begun.error();
    const PostgresqlRows held{*begun};
    if (PQresultStatus(*begun) == PGRES_COPY_IN) return {};
    const Error fault = failed(*begun);
    if (auto rest = finish(); !rest) return rest.error();
    return fault;
}

Result<std::int64_t> PostgresqlConnection::end_copy() {
    if (broken()) return give_up("no connection");
    if (auto ended = sent(PQputCopyEnd(connection_.get(), nullptr)); !ended) return ended.error();
    const auto done = finish();
    if (!done) return done.error();
    return done->touched();
}

std::string postgresql_text(std::string_view text) {
    std::string safe{text};
    std::ranges::replace(safe, '\0', '?');
    return safe;
}

std::string postgresql_printable(std::string_view text) {
    std::string safe{text};
    std::ranges::replace_if(
        safe, [](char c) { return c < ' ' || c > '~'; }, '?');
    return safe;
}

std::string postgresql_hex(std::string_view bytes) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::string hex = "\\x";
    hex.reserve(2 + 2 * bytes.size());
    for (const char byte : bytes) {
        hex += kDigits[static_cast<unsigned char>(byte) >> 4U];
        hex += kDigits[static_cast<unsigned char>(byte) & 15U];
    }
    return hex;
}

std::string postgresql_unhex(std::string_view digits) {
    const auto value = [](char digit) { return digit <= '9' ? digit - '0' : digit - 'a' + 10; };
    std::string bytes;
    bytes.reserve(digits.size() / 2);
    for (std::size_t i = 0; i + 1 < digits.size(); i += 2)
        bytes += static_cast<char>(value(digits[i]) * 16 + value(digits[i + 1]));
    return bytes;
}

std::string postgresql_array(const std::vector<std::string>& values) {
    std::string text = "{";
    for (const auto& value : values) {
        if (text.size() > 1) text += ',';
        text += '"';
        for (const char c : value) {
            if (c == '"' || c == '\\') text += '\\';
            text += c;
        }
        text += '"';
    }
    return text + '}';
}

}  // namespace aisle::hq
