#include "tests/kit/sim_disk_vfs.hpp"

#include <algorithm>
#include <cassert>
#include <cstring>
#include <new>

#include <sqlite3.h>

// The C functions that SQLite calls. Its contract: https://www.sqlite.org/c3ref/io_methods.html and
// vfs.html; the codes are those of its own POSIX VFS.
namespace aisle::kit {
namespace {

constexpr int kPathBytesMax = 512;
constexpr int kSectorBytes = 4096;  // what the POSIX VFS tells
constexpr sqlite3_int64 kUnixEpochJulianMs = 210'866'760'000'000;

SimDevice& device_of(sqlite3_vfs* vfs) { return *static_cast<SimDevice*>(vfs->pAppData); }

// SQLite gives the memory; placed there by open, destroyed by close.
struct OpenFile {
    sqlite3_file head;  // first, as SQLite sees it
    SimDevice* device;
    SimDirectory::File file;
    std::string path;
    std::uint64_t generation;
    bool delete_on_close;
    LockLevel lock = LockLevel::None;
    std::shared_ptr<SharedMemory> shared = nullptr;
    SharedMemory::Held held = {};

    // False after a power cut that it was open in.
    [[nodiscard]] bool alive() const { return !device->off && generation == device->generation; }
    [[nodiscard]] bool same_life() const { return generation == device->generation; }
    [[nodiscard]] SimDevice::Named named() { return {*file, path}; }
};

OpenFile& open_file(sqlite3_file* file) { return *reinterpret_cast<OpenFile*>(file); }

int code_of(Outcome outcome, int io_error) {
    if (outcome == Outcome::Done) return SQLITE_OK;
    return outcome == Outcome::NoSpace && io_error == SQLITE_IOERR_WRITE ? SQLITE_FULL : io_error;
}

int file_read(sqlite3_file* from, void* into, int amount, sqlite3_int64 at) {
    OpenFile& file = open_file(from);
    if (!file.alive() || file.device->read(file.path) != Outcome::Done) return SQLITE_IOERR_READ;
    const auto wanted = static_cast<std::size_t>(amount);
    const auto offset = static_cast<std::size_t>(at);
    const std::string& bytes = file.file->bytes();
    const std::size_t there = offset < bytes.size() ? std::min(wanted, bytes.size() - offset) : 0;
    if (there > 0) std::memcpy(into, bytes.data() + offset, there);
    if (there == wanted) return SQLITE_OK;
    std::memset(static_cast<char*>(into) + there, 0, wanted - there);
    return SQLITE_IOERR_SHORT_READ;
}

int file_write(sqlite3_file* to, const void* bytes, int amount, sqlite3_int64 at) {
    OpenFile& file = open_file(to);
    if (!file.alive()) return SQLITE_IOERR_WRITE;
    const std::string_view piece{static_cast<const char*>(bytes), static_cast<std::size_t>(amount)};
    return code_of(file.device->write(file.named(), at, piece), SQLITE_IOERR_WRITE);
}

int file_truncate(sqlite3_file* what, sqlite3_int64 size) {
    OpenFile& file = open_file(what);
    if (!file.alive()) return SQLITE_IOERR_TRUNCATE;
    return code_of(file.device->truncate(file.named(), size), SQLITE_IOERR_TRUNCATE);
}

int file_sync(sqlite3_file* what, int) {
    OpenFile& file = open_file(what);
    if (!file.alive()) return SQLITE_IOERR_FSYNC;
    return code_of(file.device->sync(file.named()), SQLITE_IOERR_FSYNC);
}

int file_size(sqlite3_file* what, sqlite3_int64* size) {
    OpenFile& file = open_file(what);
    if (!file.alive()) return SQLITE_IOERR_FSTAT;
    *size = file.file->size();
    return SQLITE_OK;
}

int file_lock(sqlite3_file* what, int level) {
    OpenFile& file = open_file(what);
    if (!file.alive()) return SQLITE_IOERR_LOCK;
    const bool got = file.file->locks.lock(&file, file.lock, static_cast<LockLevel>(level));
    return got ? SQLITE_OK : SQLITE_BUSY;
}

int file_unlock(sqlite3_file* what, int level) {
    OpenFile& file = open_file(what);
    if (file.same_life()) file.file->locks.unlock(&file, file.lock, static_cast<LockLevel>(level));
    return SQLITE_OK;
}

int file_reserved(sqlite3_file* what, int* reserved) {
    OpenFile& file = open_file(what);
    if (!file.alive()) return SQLITE_IOERR_CHECKRESERVEDLOCK;
    *reserved = file.file->locks.reserved() ? 1 : 0;
    return SQLITE_OK;
}

int file_control(sqlite3_file*, int, void*) { return SQLITE_NOTFOUND; }
int sector_size(sqlite3_file*) { return kSectorBytes; }
int characteristics(sqlite3_file*) { return SQLITE_IOCAP_POWERSAFE_OVERWRITE; }

int shm_map(sqlite3_file* what, int index, int bytes, int grow, void volatile** region) {
    OpenFile& file = open_file(what);
    *region = nullptr;
    if (!file.alive()) return SQLITE_IOERR_SHMMAP;
    assert(bytes == static_cast<int>(SharedMemory::kRegionBytes));
    if (file.shared == nullptr) file.shared = file.file->shared_memory.lock();
    if (file.shared == nullptr) {
        file.shared = std::make_shared<SharedMemory>();
        file.file->shared_memory = file.shared;
    }
    const auto wanted = static_cast<std::size_t>(index);
    if (grow != 0 && !file.shared->has(wanted) &&
        file.device->grow_shared_memory(file.path) != Outcome::Done) {
        return SQLITE_IOERR_SHMSIZE;
    }
    *region = file.shared->region(wanted, grow != 0);
    return SQLITE_OK;
}

int shm_lock(sqlite3_file* what, int from, int count, int flags) {
    OpenFile& file = open_file(what);
    if (file.shared == nullptr) return SQLITE_IOERR_SHMLOCK;
    const SharedMemory::Slots slots{static_cast<std::size_t>(from),
                                    static_cast<std::size_t>(count)};
    if ((flags & SQLITE_SHM_UNLOCK) != 0) {
        file.shared->unlock(file.held, slots);
        return SQLITE_OK;
    }
    if (!file.alive()) return SQLITE_IOERR_SHMLOCK;
    const bool got = (flags & SQLITE_SHM_SHARED) != 0
                         ? file.shared->lock_shared(file.held, slots)
                         : file.shared->lock_exclusive(file.held, slots);
    return got ? SQLITE_OK : SQLITE_BUSY;
}

void shm_barrier(sqlite3_file*) {}

int shm_unmap(sqlite3_file* what, int) {
    OpenFile& file = open_file(what);
    if (file.shared != nullptr) file.shared->unlock(file.held, {0, SharedMemory::kSlots});
    file.shared.reset();
    return SQLITE_OK;
}

int file_close(sqlite3_file* what) {
    OpenFile& file = open_file(what);
    shm_unmap(what, 0);
    file_unlock(what, SQLITE_LOCK_NONE);
    if (file.delete_on_close && file.alive() && !file.path.empty())
        (void)file.device->remove(file.path);
    file.~OpenFile();
    return SQLITE_OK;
}

const sqlite3_io_methods kMethods = {
    .iVersion = 2,
    .xClose = file_close,
    .xRead = file_read,
    .xWrite = file_write,
    .xTruncate = file_truncate,
    .xSync = file_sync,
    .xFileSize = file_size,
    .xLock = file_lock,
    .xUnlock = file_unlock,
    .xCheckReservedLock = file_reserved,
    .xFileControl = file_control,
    .xSectorSize = sector_size,
    .xDeviceCharacteristics = characteristics,
    .xShmMap = shm_map,
    .xShmLock = shm_lock,
    .xShmBarrier = shm_barrier,
    .xShmUnmap = shm_unmap,
    .xFetch = nullptr,
    .xUnfetch = nullptr,
};

int vfs_open(sqlite3_vfs* vfs, sqlite3_filename name, sqlite3_file* file, int flags, int* told) {
    SimDevice& device = device_of(vfs);
    file->pMethods = nullptr;
    const std::string path = name == nullptr ? "" : name;
    auto opened = device.open(path, !path.empty() && (flags & SQLITE_OPEN_CREATE) != 0);
    if (opened.outcome != Outcome::Done) return SQLITE_CANTOPEN;
    if (opened.file == nullptr && !path.empty()) return SQLITE_CANTOPEN;
    if (opened.file == nullptr) opened.file = std::make_shared<SimFile>();
    new (file) OpenFile{.head = {.pMethods = &kMethods},
                        .device = &device,
                        .file = std::move(opened.file),
                        .path = path,
                        .generation = device.generation,
                        .delete_on_close = (flags & SQLITE_OPEN_DELETEONCLOSE) != 0};
    if (told != nullptr) *told = flags;
    return SQLITE_OK;
}

int vfs_delete(sqlite3_vfs* vfs, const char* path, int sync_directory) {
    SimDevice& device = device_of(vfs);
    if (device.off) return SQLITE_IOERR_DELETE;
    if (device.directory.find(path) == nullptr) return SQLITE_IOERR_DELETE_NOENT;
    if (device.remove(path) != Outcome::Done) return SQLITE_IOERR_DELETE;
    if (sync_directory == 0) return SQLITE_OK;
    return code_of(device.sync_directory(path), SQLITE_IOERR_DIR_FSYNC);
}

// As the POSIX VFS: a file without bytes does not exist for those who ask whether it does.
int vfs_access(sqlite3_vfs* vfs, const char* path, int asked, int* answer) {
    SimDevice& device = device_of(vfs);
    if (device.off) return SQLITE_IOERR_ACCESS;
    const auto file = device.directory.find(path);
    const bool there = file != nullptr && (asked != SQLITE_ACCESS_EXISTS || file->size() > 0);
    *answer = there ? 1 : 0;
    return SQLITE_OK;
}

int vfs_full_path(sqlite3_vfs*, const char* path, int bytes, char* full) {
    const std::string_view whole{path};
    if (whole.size() + 1 > static_cast<std::size_t>(bytes)) return SQLITE_CANTOPEN_FULLPATH;
    std::memcpy(full, whole.data(), whole.size());
    full[whole.size()] = '\0';
    return SQLITE_OK;
}

int vfs_randomness(sqlite3_vfs* vfs, int bytes, char* into) {
    for (int i = 0; i < bytes; ++i) into[i] = static_cast<char>(device_of(vfs).random());
    return bytes;
}

int vfs_sleep(sqlite3_vfs* vfs, int wanted_us) {
    device_of(vfs).slept += microseconds{wanted_us};
    return wanted_us;
}

int vfs_time_ms(sqlite3_vfs* vfs, sqlite3_int64* julian_ms) {
    *julian_ms = kUnixEpochJulianMs + device_of(vfs).now.time_since_epoch().count();
    return SQLITE_OK;
}

int vfs_time(sqlite3_vfs* vfs, double* julian_days) {
    sqlite3_int64 ms = 0;
    (void)vfs_time_ms(vfs, &ms);
    *julian_days = static_cast<double>(ms) / 86'400'000.0;
    return SQLITE_OK;
}

int vfs_last_error(sqlite3_vfs*, int, char*) { return 0; }

int vfses_made = 0;  // names are never used twice
int vfses_alive = 0;

// SQLite's own generator (randomblob(), salts of the WAL) is one for the process and is seeded by
// the default VFS: the first simulated disk seeds it, and with the last one it is the system's
// again.
void seed_sqlite_from(sqlite3_vfs& vfs) {
    sqlite3_vfs* const usual = sqlite3_vfs_find(nullptr);
    sqlite3_vfs_register(&vfs, 1);
    sqlite3_randomness(0, nullptr);
    char drawn = 0;
    sqlite3_randomness(1, &drawn);
    sqlite3_vfs_register(usual, 1);
}

}  // namespace

SimVfs::SimVfs(SimDevice& device)
    : name_{"aisle-sim-" + std::to_string(++vfses_made)}, vfs_{new sqlite3_vfs{}} {
    sqlite3_initialize();
    vfs_->iVersion = 2;
    vfs_->szOsFile = sizeof(OpenFile);
    vfs_->mxPathname = kPathBytesMax;
    vfs_->zName = name_.c_str();
    vfs_->pAppData = &device;
    vfs_->xOpen = vfs_open;
    vfs_->xDelete = vfs_delete;
    vfs_->xAccess = vfs_access;
    vfs_->xFullPathname = vfs_full_path;
    vfs_->xRandomness = vfs_randomness;
    vfs_->xSleep = vfs_sleep;
    vfs_->xCurrentTime = vfs_time;
    vfs_->xGetLastError = vfs_last_error;
    vfs_->xCurrentTimeInt64 = vfs_time_ms;
    sqlite3_vfs_register(vfs_.get(), 0);
    if (++vfses_alive == 1) seed_sqlite_from(*vfs_);
}

SimVfs::~SimVfs() {
    sqlite3_vfs_unregister(vfs_.get());
    if (--vfses_alive == 0) sqlite3_randomness(0, nullptr);
}

}  // namespace aisle::kit
