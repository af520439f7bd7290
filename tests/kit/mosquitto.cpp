#include "tests/kit/mosquitto.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>

namespace aisle::kit {
namespace {

constexpr const char* kProgram = "/usr/sbin/mosquitto";

sockaddr_in loopback(std::uint16_t port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

// Free when it was asked for; nobody else takes it on a quiet machine.
std::uint16_t free_port() {
    const int socket_fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address = loopback(0);
    socklen_t size = sizeof address;
    auto* const any = reinterpret_cast<sockaddr*>(&address);
    if (bind(socket_fd, any, size) != 0 || getsockname(socket_fd, any, &size) != 0) std::abort();
    close(socket_fd);
    return ntohs(address.sin_port);
}

bool accepts(std::uint16_t port) {
    const int socket_fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const sockaddr_in address = loopback(port);
    const bool open =
        connect(socket_fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
    close(socket_fd);
    return open;
}

}  // namespace

bool Mosquitto::available() { return access(kProgram, X_OK) == 0; }

void Mosquitto::make_folder() {
    std::string name = (std::filesystem::temp_directory_path() / "aisle-broker-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) std::abort();
    folder_ = name;
}

Mosquitto::Mosquitto(const std::string& extra) : port_{free_port()} {
    make_folder();
    std::ofstream config{folder_ / "mosquitto.conf"};
    config << "listener " << port_ << " 127.0.0.1\nallow_anonymous true\nset_tcp_nodelay true\n"
           << "max_queued_messages 100000\n";
    if (geteuid() == 0) config << "user root\n";  // else it cannot read what belongs to us
    config << extra << '\n';
}

Mosquitto::Mosquitto(const Whole& whole) : port_{free_port()} {
    make_folder();
    std::string text = whole.text;
    const auto fill = [&text](const std::string& mark, const std::string& value) {
        for (auto at = text.find(mark); at != std::string::npos; at = text.find(mark))
            text.replace(at, mark.size(), value);
    };
    fill("@PORT@", std::to_string(port_));
    fill("@DIR@", folder_.string());
    std::ofstream config{folder_ / "mosquitto.conf"};
    config << text << '\n';
    if (geteuid() == 0) config << "user root\n";
}

Mosquitto::~Mosquitto() {
    kill();
    std::filesystem::remove_all(folder_);
}

bool Mosquitto::start() {
    const std::string config = (folder_ / "mosquitto.conf").string();
    process_ = fork();
    if (process_ == 0) {
        const int quiet = open("/dev/null", O_RDWR | O_CLOEXEC);
        dup2(quiet, STDOUT_FILENO);
        dup2(quiet, STDERR_FILENO);
        execl(kProgram, kProgram, "-c", config.c_str(), nullptr);
        _exit(127);
    }
    for (int tries = 0; tries < 1'000; ++tries) {
        if (accepts(port_)) return true;
        poll(nullptr, 0, 10);
    }
    return false;
}

void Mosquitto::kill() {
    if (process_ <= 0) return;
    ::kill(process_, SIGKILL);
    waitpid(process_, nullptr, 0);
    process_ = 0;
}

void Mosquitto::reload() {
    if (process_ > 0) ::kill(process_, SIGHUP);
}

void Mosquitto::freeze() {
    if (process_ > 0) ::kill(process_, SIGSTOP);
}

void Mosquitto::thaw() {
    if (process_ > 0) ::kill(process_, SIGCONT);
}

}  // namespace aisle::kit
