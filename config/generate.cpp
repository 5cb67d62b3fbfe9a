// Writes what the table of keys generates: generate_config SAMPLE.toml DOCUMENT.md. Run by the target config_docs.
#include "config/document.hpp"

#include <fstream>
#include <iostream>
#include <iterator>
#include <string>

namespace {

bool write(const char* path, const std::string& text) {
  std::ofstream out(path, std::ios::binary | std::ios::trunc);
  out << text;
  out.close();
  if (!out) std::cerr << path << ": cannot be written\n";
  return static_cast<bool>(out);
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 3) {
    std::cerr << "usage: generate_config SAMPLE.toml DOCUMENT.md\n";
    return 2;
  }
  std::ifstream in(arguments[2], std::ios::binary);
  const std::string document{std::istreambuf_iterator<char>(in), {}};
  const std::string renewed = rapporteur::config::with_tables(document);
  if (renewed.empty()) {
    std::cerr << arguments[2] << ": has no lines that mark where the tables go\n";
    return 1;
  }
  return write(arguments[1], rapporteur::config::sample_file()) && write(arguments[2], renewed) ? 0 : 1;
}
