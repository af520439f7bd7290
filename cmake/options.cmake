# How everything is compiled. Presets choose the sanitizers and the optimisation.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)
set(CMAKE_LIBRARY_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/lib)

# Assertions stay on in release: no NDEBUG.
set(CMAKE_CXX_FLAGS_RELEASE "-O2 -g1 -fstack-protector-strong -D_GLIBCXX_ASSERTIONS")
set(CMAKE_CXX_FLAGS_DEBUG "-O0 -g1 -D_GLIBCXX_ASSERTIONS")

option(AISLE_WARNINGS_AS_ERRORS "Packagers with other compilers may switch this off" ON)
option(AISLE_BENCHES "Build the benches (Google Benchmark)" OFF)
set(AISLE_SANITIZERS "" CACHE STRING "What -fsanitize= gets: address,undefined or thread")

add_library(aisle_options INTERFACE)
target_compile_options(aisle_options INTERFACE
    -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wnon-virtual-dtor -Woverloaded-virtual
    -Wno-missing-field-initializers  # designated initialisers leave the defaults to the type
    $<$<BOOL:${AISLE_WARNINGS_AS_ERRORS}>:-Werror>
    -ffile-prefix-map=${CMAKE_SOURCE_DIR}/=)
target_compile_definitions(aisle_options INTERFACE AISLE_VERSION="${PROJECT_VERSION}")
if(AISLE_SANITIZERS)
    add_compile_options(-fsanitize=${AISLE_SANITIZERS} -fno-omit-frame-pointer -fno-sanitize-recover=all)
    add_link_options(-fsanitize=${AISLE_SANITIZERS})
    if(AISLE_SANITIZERS MATCHES thread)
        add_compile_options(-Wno-tsan)  # Asio uses atomic_thread_fence, which TSan does not know
    endif()
endif()

find_program(CCACHE ccache)
if(CCACHE)
    set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE})
endif()
