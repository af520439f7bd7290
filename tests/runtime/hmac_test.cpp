#include "agent/runtime/hmac.hpp"

#include <gtest/gtest.h>

namespace aisle::runtime {
namespace {

// RFC 4231, test cases 1, 2 and 6.
TEST(Hmac, GivesWhatRfc4231Says) {
    EXPECT_EQ(hmac_sha256_hex({.key = std::string(20, '\x0b'), .message = "Hi There"}),
              "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
    EXPECT_EQ(hmac_sha256_hex({.key = "Jefe", .message = "what do ya want for nothing?"}),
              "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    EXPECT_EQ(
        hmac_sha256_hex({.key = std::string(131, '\xaa'),
                         .message = "Test Using Larger Than Block-Size Key - Hash Key First"}),
        "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

TEST(Hmac, TakesEmptyMessagesAndKeys) {
    EXPECT_EQ(hmac_sha256_hex({.key = "", .message = ""}),
              "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad");
}

TEST(ConstantTime, ComparesLikeAnyOther) {
    EXPECT_TRUE(equal_in_constant_time("", ""));
    EXPECT_TRUE(equal_in_constant_time("abc", "abc"));
    EXPECT_FALSE(equal_in_constant_time("abc", "abd"));
    EXPECT_FALSE(equal_in_constant_time("abc", "ab"));
}

}  // namespace
}  // namespace aisle::runtime
