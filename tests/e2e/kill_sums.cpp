#include "kill_sums.hpp"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace aisle::e2e {

void KillSums::add(const KillSums& run) {
    runs += run.runs;
    failed += run.failed;
    kills += run.kills;
    sales += run.sales;
    at_hq += run.at_hq;
    doubled += run.doubled;
    takeovers += run.takeovers;
    takeover_max_s = std::max(takeover_max_s, run.takeover_max_s);
    sale_max_s = std::max(sale_max_s, run.sale_max_s);
    seconds += run.seconds;
}

KillSums read_sums(const std::string& path) {
    KillSums sums;
    std::ifstream file{path};
    file >> sums.runs >> sums.failed >> sums.kills >> sums.sales >> sums.at_hq >> sums.doubled >>
        sums.takeovers >> sums.takeover_max_s >> sums.sale_max_s >> sums.seconds;
    return file ? sums : KillSums{};
}

bool write_sums(const std::string& path, const KillSums& sums) {
    const std::string part = path + ".part";
    std::ofstream file{part};
    file << sums.runs << ' ' << sums.failed << ' ' << sums.kills << ' ' << sums.sales << ' '
         << sums.at_hq << ' ' << sums.doubled << ' ' << sums.takeovers << ' ' << sums.takeover_max_s
         << ' ' << sums.sale_max_s << ' ' << sums.seconds << '\n';
    file.close();
    std::error_code failed;
    std::filesystem::rename(part, path, failed);
    return file.good() && !failed;
}

std::string to_json(const std::string& table, const std::string& broker, const KillSums& sums) {
    std::ostringstream out;
    out.setf(std::ios::fixed);
    out.precision(1);
    out << R"({"table":")" << table << R"(","broker":")" << broker << R"(","runs":)" << sums.runs
        << R"(,"kills":)" << sums.kills << R"(,"sales":)" << sums.sales << R"(,"at_hq":)"
        << sums.at_hq << R"(,"lost":)" << sums.sales - sums.at_hq << R"(,"doubled":)"
        << sums.doubled;
    if (sums.takeovers > 0)
        out << R"(,"takeovers":)" << sums.takeovers << R"(,"takeover_max_s":)"
            << sums.takeover_max_s << R"(,"sale_max_s":)" << sums.sale_max_s;
    out << R"(,"seconds":)" << sums.seconds << R"(,"failed_runs":)" << sums.failed << "}";
    return out.str();
}

}  // namespace aisle::e2e
