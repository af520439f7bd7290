#include "drivers/counter/http_login.hpp"

#include <gtest/gtest.h>

#include <random>

namespace aisle::counter {
namespace {

const Login kMufasa{.username = "Mufasa", .password = "Circle of Life"};
// RFC 7616 3.9.1.
const std::string kNonces = R"(nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", )"
                            R"(opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS")";
const Asked kIndex{.method = "GET",
                   .uri = "/dir/index.html",
                   .cnonce = "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ"};

bool has(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

TEST(HttpLogin, AnswersTheExamplesOfTheStandard) {
    const std::string realm = R"(Digest realm="http-auth@example.org", qop="auth, auth-int", )";
    const auto md5 = answer_to(realm + "algorithm=MD5, " + kNonces, kMufasa, kIndex);
    EXPECT_TRUE(has(md5, R"(response="8ca523f5e9506fed4657c9700eebdbec")")) << md5;
    EXPECT_TRUE(has(md5, R"(opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS")")) << md5;
    const auto sha = answer_to(realm + "algorithm=SHA-256, " + kNonces, kMufasa, kIndex);
    EXPECT_TRUE(
        has(sha, R"(response="753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1")"))
        << sha;
}

// RFC 2617 3.5, which names no algorithm.
TEST(HttpLogin, AnswersAnOldCamera) {
    const std::string challenge = R"(Digest realm="testrealm@host.com",qop="auth,auth-int",)"
                                  R"(nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093")";
    const auto header =
        answer_to(challenge, {.username = "Mufasa", .password = "Circle Of Life"},
                  {.method = "GET", .uri = "/dir/index.html", .cnonce = "0a4f113b"});
    EXPECT_TRUE(has(header, R"(response="6629fae49393a05397450978507c4ef1")")) << header;
    EXPECT_TRUE(has(header, "qop=auth, nc=00000001")) << header;
    EXPECT_FALSE(has(header, "algorithm")) << header;
}

TEST(HttpLogin, AnswersACameraWithoutQop) {
    const auto header = answer_to(R"(Digest realm="r", nonce="n")", kMufasa, kIndex);
    EXPECT_TRUE(header.starts_with(R"(Digest username="Mufasa", realm="r", nonce="n", uri=)"));
    EXPECT_FALSE(has(header, "cnonce")) << header;
}

TEST(HttpLogin, KnowsBasic) {
    EXPECT_EQ(answer_to("Basic realm=\"camera\"",
                        {.username = "Aladdin", .password = "open sesame"}, kIndex),
              "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
}

TEST(HttpLogin, DoesNotAnswerWhatItCannot) {
    EXPECT_EQ(answer_to(R"(Digest realm="r", nonce="n")", {}, kIndex), "");
    for (const char* challenge :
         {"", "Negotiate", "Bearer realm=\"x\"", "Digest realm=\"r\"",
          R"(Digest realm="r", nonce="n", qop="auth-int")",
          R"(Digest realm="r", nonce="n", algorithm=SHA-512-256)", "Digest"})
        EXPECT_EQ(answer_to(challenge, kMufasa, kIndex), "") << challenge;
}

TEST(HttpLogin, EscapesWhatTheCameraSays) {
    const auto header = answer_to(R"(Digest realm="a \"b\" c", nonce="n\\")", kMufasa, kIndex);
    EXPECT_TRUE(has(header, R"(realm="a \"b\" c", nonce="n\\")")) << header;
}

TEST(HttpLogin, SurvivesMutants) {
    std::mt19937 random{11};
    const std::string whole =
        R"(Digest realm="r", qop="auth", nonce="n", algorithm=MD5, opaque="o")";
    for (int round = 0; round < 20'000; ++round) {
        std::string challenge = whole.substr(0, 1 + random() % whole.size());
        for (int i = 0; i < 3; ++i)
            challenge[random() % challenge.size()] = static_cast<char>(random());
        EXPECT_LT(answer_to(challenge, kMufasa, kIndex).size(), 1'000U);
    }
}

}  // namespace
}  // namespace aisle::counter
