# aisle_room(NAME FOLDER [USES room...] [LINKS lib...] [LINKS_PUBLIC lib...] [TESTS_USE room...])
#
# One library a folder: aisle::NAME from FOLDER/*.cpp (files named *_main.cpp belong to programs). Its include root holds
# a link to its folder and nothing else, so that "agent/store/..." is found only by those who name `store` in USES.
# The roots lie beside the build folders and not inside one, so that the compiler cache serves all presets.
# tests/NAME/*_test.cpp become the test program NAME_tests.
function(aisle_room name folder)
    cmake_parse_arguments(ROOM "" "" "USES;LINKS;LINKS_PUBLIC;TESTS_USE" ${ARGN})
    file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/${folder}/*.cpp ${CMAKE_SOURCE_DIR}/${folder}/aislectl/*.cpp)
    list(FILTER sources EXCLUDE REGEX "_(main|test)\\.cpp$")
    if(NOT sources)
        message(FATAL_ERROR "room ${name}: no sources in ${folder}")
    endif()

    set(root ${CMAKE_SOURCE_DIR}/build/roots/${name})
    get_filename_component(parent ${root}/${folder} DIRECTORY)
    file(MAKE_DIRECTORY ${parent})
    file(CREATE_LINK ${CMAKE_SOURCE_DIR}/${folder} ${root}/${folder} SYMBOLIC)

    add_library(aisle_${name} STATIC ${sources})
    add_library(aisle::${name} ALIAS aisle_${name})
    target_include_directories(aisle_${name} PUBLIC ${root})
    list(TRANSFORM ROOM_USES PREPEND aisle::)
    target_link_libraries(aisle_${name} PUBLIC ${ROOM_USES} ${ROOM_LINKS_PUBLIC} PRIVATE ${ROOM_LINKS} aisle_options)
    set_property(GLOBAL APPEND PROPERTY AISLE_ROOMS ${name})
    set_property(GLOBAL PROPERTY AISLE_ROOM_FOLDER_${name} ${folder})

    file(GLOB tests CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/tests/${name}/*_test.cpp)
    if(tests)
        list(TRANSFORM ROOM_TESTS_USE PREPEND aisle::)
        aisle_tests(${name}_tests ${tests} USES aisle::${name} ${ROOM_TESTS_USE})
    endif()
endfunction()

# aisle_tests(PROGRAM file... USES target...): a GoogleTest program; rooms may be defined later.
function(aisle_tests program)
    cmake_parse_arguments(TEST "" "" "USES" ${ARGN})
    add_executable(${program} ${TEST_UNPARSED_ARGUMENTS})
    target_link_libraries(${program} PRIVATE ${TEST_USES} aisle_kit aisle_options GTest::gtest GTest::gtest_main)
    target_compile_definitions(${program} PRIVATE
        AISLE_SOURCE_DIR="${CMAKE_SOURCE_DIR}" AISLE_BIN_DIR="${CMAKE_RUNTIME_OUTPUT_DIRECTORY}"
        AISLE_SHARED_DIR="${CMAKE_SOURCE_DIR}/../shared")
    # The rooms under test keep the preset's optimisation; the tests' own code is compiled for speed of building.
    target_compile_options(${program} PRIVATE $<$<CONFIG:Release>:-O0 -g0>)
    include(GoogleTest)
    gtest_discover_tests(${program} DISCOVERY_MODE PRE_TEST PROPERTIES TIMEOUT 120)
endfunction()

function(aisle_program name main)
    cmake_parse_arguments(PROGRAM "" "" "USES" ${ARGN})
    add_executable(${name} ${main})
    list(TRANSFORM PROGRAM_USES PREPEND aisle::)
    target_link_libraries(${name} PRIVATE ${PROGRAM_USES} aisle_options)
    set_target_properties(${name} PROPERTIES ENABLE_EXPORTS ON)  # a module finds our symbols
    install(TARGETS ${name} RUNTIME)
endfunction()

# A driver that is loaded only when it is configured, so that its libraries cost nothing otherwise.
function(aisle_module name main)
    cmake_parse_arguments(MODULE "" "" "USES" ${ARGN})
    add_library(${name} MODULE ${main})
    list(TRANSFORM MODULE_USES PREPEND aisle::)
    target_link_libraries(${name} PRIVATE ${MODULE_USES} aisle_options)
    set_target_properties(${name} PROPERTIES PREFIX "")
    install(TARGETS ${name} LIBRARY DESTINATION lib/aisle)
endfunction()

# Headers of a room whose library must not be linked: it is loaded at run time.
function(aisle_headers name room)
    add_library(aisle_${name} INTERFACE)
    add_library(aisle::${name} ALIAS aisle_${name})
    target_include_directories(aisle_${name} INTERFACE ${CMAKE_SOURCE_DIR}/build/roots/${room})
endfunction()

# The staff page: built by npm from its lockfile, gzipped, and compiled into the binary.
function(aisle_page room folder)
    file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/${folder}/src/* ${CMAKE_SOURCE_DIR}/${folder}/*.json
        ${CMAKE_SOURCE_DIR}/${folder}/*.sh ${CMAKE_SOURCE_DIR}/${folder}/*.mjs)
    list(FILTER sources EXCLUDE REGEX "node_modules|/dist/")
    set(assets ${CMAKE_BINARY_DIR}/page/page_assets.cpp)
    add_custom_command(OUTPUT ${assets}
        COMMAND ${CMAKE_SOURCE_DIR}/${folder}/build.sh ${CMAKE_BINARY_DIR}/page
        DEPENDS ${sources} COMMENT "Building the page" VERBATIM)
    target_sources(aisle_${room} PRIVATE ${assets})
endfunction()
