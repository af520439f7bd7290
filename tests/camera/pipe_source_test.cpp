// A camera that is a named pipe: its writers come, go, stumble and fall silent.
#include "drivers/camera/pipe_source.hpp"

#include <gtest/gtest.h>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>

#include "synthetic.hpp"

namespace aisle::camera {
namespace {

constexpr const char* kHeader = "YUV4MPEG2 W4 H4 F12:1 C420jpeg\n";

std::string picture(char luma) {
    return "FRAME\n" + std::string(16, luma) + std::string(8, char{-128});
}

class Writer {
public:
    explicit Writer(const std::string& path) : fd_{::open(path.c_str(), O_WRONLY | O_NONBLOCK)} {}
    ~Writer() { close(); }
    Writer(const Writer&) = delete;
    Writer& operator=(const Writer&) = delete;
    bool write(const std::string& bytes) const {
        return ::write(fd_, bytes.data(), bytes.size()) == std::ssize(bytes);
    }
    void close() {
        if (fd_ >= 0) ::close(fd_);
        fd_ = -1;
    }
    [[nodiscard]] bool connected() const { return fd_ >= 0; }

private:
    int fd_;
};

struct Pipe : testing::Test {
    Pipe() {
        ::signal(SIGPIPE, SIG_IGN);
        ::mkfifo(path.c_str(), 0600);
    }
    Folder folder;
    std::string path = folder.file("door.y4m");
    std::unique_ptr<FrameSource> source =
        make_frame_source({.kind = SourceKind::Pipe, .location = path});
    Frame frame;
};

TEST_F(Pipe, OpensWithNobodyAtTheOtherEnd) {
    EXPECT_TRUE(source->open());
    EXPECT_EQ(source->read(frame), Grab::Nothing);
    EXPECT_EQ(source->fps(), 0);
}

TEST_F(Pipe, ReadsOnePictureAfterTheOther) {
    ASSERT_TRUE(source->open());
    const Writer writer{path};
    ASSERT_TRUE(writer.write(kHeader + picture(16) + picture('\xeb')));
    ASSERT_EQ(source->read(frame), Grab::Frame);
    EXPECT_EQ(frame.width, 4);
    EXPECT_EQ(frame.bgr[0], 0);
    EXPECT_EQ(source->fps(), 12);
    ASSERT_EQ(source->read(frame), Grab::Frame);
    EXPECT_GE(frame.bgr[0], 254);
    EXPECT_EQ(source->read(frame), Grab::Nothing);
}

TEST_F(Pipe, PutsAPictureTogetherFromPieces) {
    ASSERT_TRUE(source->open());
    const Writer writer{path};
    const std::string bytes = kHeader + picture(90);
    for (std::size_t i = 0; i + 1 < bytes.size(); i += 9) {
        ASSERT_TRUE(writer.write(bytes.substr(i, std::min<std::size_t>(9, bytes.size() - 1 - i))));
    }
    EXPECT_EQ(source->read(frame), Grab::Nothing);
    ASSERT_TRUE(writer.write(bytes.substr(bytes.size() - 1)));
    EXPECT_EQ(source->read(frame), Grab::Frame);
}

TEST_F(Pipe, TakesTheNextWriterWhenOneHasGone) {
    ASSERT_TRUE(source->open());
    {
        const Writer killed{path};
        ASSERT_TRUE(killed.write(kHeader + picture(16) + "FRAME\nhalf"));
        EXPECT_EQ(source->read(frame), Grab::Frame);
    }
    EXPECT_EQ(source->read(frame), Grab::Nothing);
    const Writer next{path};
    ASSERT_TRUE(next.write("YUV4MPEG2 W4 H4 F10:1\n" + picture(50)));
    EXPECT_EQ(source->read(frame), Grab::Frame);
    EXPECT_EQ(source->fps(), 10);
}

TEST_F(Pipe, ShutsOutAWriterWhoseBytesAreNoPicture) {
    for (const std::string& garbage :
         {std::string{"hello\n"}, std::string(5000, 'x'), kHeader + std::string{"HELLO\n"},
          kHeader + picture(16).substr(0, 20) + kHeader + picture(16)}) {
        ASSERT_TRUE(source->open());
        const Writer writer{path};
        ASSERT_TRUE(writer.write(garbage));
        while (source->read(frame) == Grab::Frame) {
        }
        EXPECT_FALSE(writer.write("more")) << "the pipe is closed at our end";
    }
}

TEST_F(Pipe, OpensItselfAgainAfterThat) {
    ASSERT_TRUE(source->open());
    {
        const Writer writer{path};
        ASSERT_TRUE(writer.write("garbage\n"));
        EXPECT_EQ(source->read(frame), Grab::Nothing);
    }
    EXPECT_EQ(source->read(frame), Grab::Nothing);
    const Writer writer{path};
    ASSERT_TRUE(writer.connected());
    ASSERT_TRUE(writer.write(kHeader + picture(16)));
    EXPECT_EQ(source->read(frame), Grab::Frame);
}

TEST_F(Pipe, IsNoPipeWhenItIsAFileOrNothing) {
    const auto nothing =
        make_frame_source({.kind = SourceKind::Pipe, .location = folder.file("absent")});
    EXPECT_EQ(nothing->open().error().fault, Fault::Unavailable);
    const auto file =
        make_frame_source({.kind = SourceKind::Pipe, .location = folder.file("f", "x")});
    EXPECT_EQ(file->open().error().fault, Fault::Malformed);
    EXPECT_EQ(file->read(frame), Grab::Nothing);
}

}  // namespace
}  // namespace aisle::camera
