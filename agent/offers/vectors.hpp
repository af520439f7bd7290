#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "agent/core/error.hpp"

// GrowthBook's language-neutral test cases (its cases.json), run against our evaluator.
namespace aisle::offers {

struct VectorGroup {
    std::string group;
    int passed = 0;
    int failed = 0;
    int skipped = 0;
    std::vector<std::string> failures;  // names of the cases that failed
};

// Every group of the file, in its order. Skipped is what a shop has no use for: query strings (also
// where they stand in a `run` context), decryption and URL redirects, and groups that nobody here
// knows. A case that is not of its group's form has failed. Malformed: the file is no JSON object.
Result<std::vector<VectorGroup>> run_vectors(std::string_view file);

}  // namespace aisle::offers
