// All objects of a database, found by identity or by name. Copies share what neither changes, and
// changes can be taken back to a mark, which is how a statement that fails leaves nothing behind.
#pragma once

#include "compiler/catalog/object.h"

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <unordered_map>

namespace retort::catalog {

// Names must be unique within a space and a scope: a schema, a table, or the database (0).
enum class Space : uint8_t {
  schema,
  relation,
  type,
  function,
  constraint,
  trigger,
  rule,
  policy,
  published,
  extension,
  other
};

// A set of names whose copies are one until they change: every statement keeps what was before.
class Names {
public:
  bool contains(const std::string& name) const { return get().contains(name); }
  bool empty() const { return get().empty(); }
  auto begin() const { return get().begin(); }
  auto end() const { return get().end(); }
  void insert(const std::string& name) {
    if (!contains(name))
      edit().insert(name);
  }
  void insert(const std::set<std::string>& names) {
    if (!names.empty())
      edit().insert(names.begin(), names.end());
  }

private:
  const std::set<std::string>& get() const {
    static const std::set<std::string> kNone;
    return names_ ? *names_ : kNone;
  }
  std::set<std::string>& edit() {
    if (!names_ || names_.use_count() > 1)
      names_ = std::make_shared<std::set<std::string>>(get());
    return *names_;
  }

  std::shared_ptr<std::set<std::string>> names_;
};

class Catalog {
public:
  Catalog();

  // Reading.
  const Object* get(Id id) const { return id < objects_.size() ? objects_[id].get() : nullptr; }
  size_t size() const { return objects_.size(); }  // ids are below
  Id find(Space space, std::string_view name, Id scope, std::string_view signature = {}) const;
  // Every object of this name in a space, whatever its scope and signature.
  std::vector<Id> named(Space space, std::string_view name) const;
  // What needs the object; in the order of their making.
  std::vector<Id> dependents(Id id) const;
  std::vector<Id> members(Id table, Kind kind) const;  // its indexes, constraints, triggers, …
  std::vector<Id> children(Id table) const;  // tables that inherit from it, or are partitions of it
  const Column* column(Id table, std::string_view name) const;
  // The one whose NOT NULL is the constraint of this name.
  const Column* not_null_named(Id table, std::string_view constraint) const;
  // An extension is there, so that types and functions may be which no statement made.
  bool extended() const { return extensions_ != 0; }

  // Writing.
  Id add(Object object);
  Object& edit(Id id);
  void remove(Id id);
  void rename(Id id, std::string name);
  void move(Id id, Id schema);
  void set_signature(Id id, std::string signature);
  void need(Id id, Need need);

  // Changes since a mark can be taken back; forget() makes them final, unless they are kept.
  size_t mark();
  void rollback(size_t mark);
  void forget();
  void keep_changes(bool keep) { keeping_ = keep; }
  // The objects that changed since a mark, in the order of their ids. Of one that was made, there
  // is no `before`; of one that went, no `after`.
  struct Change {
    Id id = 0;
    std::shared_ptr<const Object> before, after;
  };
  std::vector<Change> changes(size_t mark) const;
  // To the mark and to here again, as often as wanted, but for what the session has set.
  void back(size_t mark);
  void forth(size_t mark);

  // The server's major version, where it matters for what a statement leaves behind.
  int server = 15;

  // What was set for the transaction alone is gone.
  void end_transaction();

  // What the session has set, and what cannot be known.
  std::vector<std::string> search_path;
  // SET LOCAL is in force: the path that comes back when the transaction ends.
  std::optional<std::vector<std::string>> path_behind;
  bool incomplete = false;  // the chain does not begin at an empty database
  bool opaque = false;      // something may have changed anything
  // Objects from here on were made since, and what stands on them as well; 0: none is known to be.
  Id sure_from = 0;
  bool is_sure(Id id) const { return !opaque || (sure_from != 0 && id >= sure_from); }
  Names blurred;  // names of objects that something may have changed

private:
  using Key = std::tuple<Space, std::string, Id, std::string>;
  struct Undo {
    Id id = 0;  // or a name
    std::shared_ptr<const Object> object;
    Key key;
    Id named = 0;
  };
  static Space space_of(const Object& object);
  static Id scope_of(const Object& object);
  Key key_of(const Object& object) const;
  void set_name(const Object& object, Id id);
  Id put_name(const Key& key, Id id);  // 0: none; says who had the name before
  void set_object(Id id, std::shared_ptr<const Object> object);
  void set_fresh(Id id);
  void exchange(Undo& undo);

  std::vector<std::shared_ptr<const Object>> objects_;
  // All objects of one name in one space, by scope and signature.
  struct Title {
    Space space;
    std::string name;
  };
  struct TitleView {
    Space space;
    std::string_view name;
  };
  struct Hash {
    using is_transparent = void;
    size_t operator()(const TitleView& title) const {
      return std::hash<std::string_view>()(title.name) ^ (static_cast<size_t>(title.space) << 7);
    }
    size_t operator()(const Title& title) const {
      return (*this)(TitleView{title.space, title.name});
    }
  };
  struct Same {
    using is_transparent = void;
    template <class A, class B>
    bool operator()(const A& a, const B& b) const {
      return a.space == b.space && a.name == b.name;
    }
  };
  struct Bearer {
    Id scope = 0;
    std::string signature;
    Id id = 0;
  };
  std::unordered_map<Title, std::vector<Bearer>, Hash, Same> names_;
  size_t extensions_ = 0;
  // Who may need an object; entries stay when they end, and are looked at before they count.
  std::unordered_map<Id, std::vector<Id>> dependents_;
  std::vector<Undo> undo_;
  bool keeping_ = false;
  // An object that was made or copied since the last mark is changed in place from then on.
  std::vector<bool> fresh_;
};

}  // namespace retort::catalog
