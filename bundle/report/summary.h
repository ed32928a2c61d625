// Page 1: what somebody wants to know who has two minutes. Plain words, and every list short; the
// rest is in the sections of the steps.
#pragma once

#include "bundle/report/report.h"

#include <array>
#include <string>
#include <vector>

namespace retort::bundle {

struct Item {
  std::string text;
  std::string step;  // "2.1" or "2", where it can be looked up; empty: nowhere
};

// The first of a list, and how many are not shown.
struct Items {
  std::vector<Item> shown;
  size_t left_out = 0;

  void add(size_t most, std::string text, std::string step = {});
};

struct Answer {
  std::string question;  // "What is locked?"
  std::string answer;    // one or two sentences
  bool grave = false;    // it has to be thought over
  Items items;
  std::string note;  // a sentence below the list; may be empty
};

struct Total {
  std::string name, value;
};

struct Summary {
  std::string heading;                // "CHG-4711: totals of orders"
  std::string range;                  // "From 41f0… to 9be0…, PostgreSQL 15"
  std::string verdict;                // the answers in one breath
  std::vector<std::string> warnings;  // what makes this report worth less
  std::array<Answer, 4> answers;
  std::vector<Total> totals;
  std::string longest;       // the statement that others wait for the longest
  std::string longest_step;  // "2.1"; empty: none
  Items irreversible;        // what the way back does not restore by itself
  Items assumptions;
  std::string statistics;  // of when they are, or that there are none
  std::string disk;        // how much has to be free on the server
};

Summary summarise(const Account& account, const ReportInfo& info);

// One line of the list of steps.
struct StepLine {
  std::string number, id, title, phase;
  size_t statements = 0;
  std::string blocks;  // "blocks reads and writes of public.orders and 2 more"
  std::string time;    // of all its statements
  std::string disk;    // free, beside what is there: "0.7 to 1.9 GB"
  std::string back;    // "data kept"
};
std::vector<StepLine> step_lines(const Account& account);

}  // namespace retort::bundle
