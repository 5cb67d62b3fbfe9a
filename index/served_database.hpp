// The served database, changed by a run: everything in one transaction, seen by readers all together or not at all.
#pragma once

#include "index/article_database.hpp"
#include "index/document.hpp"
#include "index/text_codec.hpp"

#include <xapian.h>

#include <filesystem>
#include <string>
#include <vector>

namespace rapporteur::index {

class served_database final : public article_database {
 public:
  /// index: the folder of the index, whose commits are held back while somebody copies (index/generation: commit_lock).
  served_database(const std::filesystem::path& index, const std::string& generation, run_context& run);

  write_outcome add(article& a) override;
  bool remove(const std::string& id) override;
  void begin_file() override;
  file_end end_file(const known_file& file, bool prune) override;
  file_end drop_file(const std::string& path) override;
  void finish(const metadata_list& metadata, bool changed) override;

 private:
  [[nodiscard]] Xapian::docid find(const std::string& article_id) const;
  [[nodiscard]] std::vector<Xapian::docid> gone_from(const std::string& term) const;
  file_end give_up(const std::string& path, const std::vector<Xapian::docid>& gone);
  void erase(Xapian::docid id);

  std::filesystem::path index_;
  std::string generation_;
  run_context& run_;
  Xapian::WritableDatabase db_;
  document_builder builder_;
  draft_document draft_;
  text_codec codec_;
  record_codec records_;
  std::vector<Xapian::docid> of_file_;  // articles that the file being read has
  bool noted_ = false;                  // something is known otherwise of a file than before
};

}  // namespace rapporteur::index
