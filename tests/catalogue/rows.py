"""The catalogue of bad input, row by row: how many there are, and who answers for each.

A row's number stands at the beginning of a test's id in this folder (``[L03 Windows line ends]``,
``test_f03_...``). Rows that another test answers for are listed here with it; those that do not
concern what this program does, with the reason.
"""

# local.conf's bytes and its file, VENV_PATH, names from PyPI and of the distribution, sudoers,
# WSGI, openrc, and logs, terminals and processes
COUNTS = {"L": 60, "F": 16, "V": 37, "P": 22, "D": 4, "S": 29, "W": 25, "O": 10, "T": 46}

_CONF = "tests/steps/test_local_conf.py::test_"
_FILES = "tests/engine/test_files.py::test_"
_PLACE = "tests/checks/test_preconditions.py::test_"
_AUTO = "tests/host/test_auto.py::test_"
_LIST = "tests/model/test_requirement_list.py::test_"
_SUDO = "tests/host/test_sudo.py::test_"
_SUDO_STEP = "tests/steps/test_sudo_steps.py::test_"
_SERVER = "tests/steps/test_server_steps.py::test_"
_UWSGI = "tests/model/test_uwsgi_options.py::test_"
_OPENRC = "tests/model/test_managed_block.py::test_"
_TERMINAL = "tests/tui/test_terminal.py::test_"
_STREAMS = "tests/headless/test_streams.py::test_"
_SUDOERS = "tests/model/test_sudoers.py::test_"
_LOCK = "tests/engine/test_lock.py::test_"

ELSEWHERE = {
    "F01": _CONF + "a_folder_that_the_user_may_not_write_is_a_problem_with_its_cure",
    "F02": _CONF + "root_writes_no_file_that_is_not_the_users_to_read_or_to_link_to",
    "F08": _CONF + "what_even_root_cannot_write_is_known_before_anything_is_changed",
    "F09": _FILES + "a_mounted_file",
    "F10": _FILES + "a_full_file_system",
    "F11": _CONF + "a_file_that_changed_after_it_was_read_stays",
    "F13": _FILES + "a_file_is_replaced_all_the_same",
    "F15": _FILES + "removes_a_half_written_file",
    "L55": "tests/facts/test_effective_values.py::"
    "test_what_is_no_truth_to_devstack_is_read_as_its_default",
    "V14": _PLACE + "files_that_are_not_a_venv",
    "V15": _AUTO + "a_second_run_changes_nothing_and_says_so",
    "V19": _PLACE + "a_fifo_is_looked_at_without_waiting",
    # differs: a link to a folder is refused, too, for whoever may change it swaps the venv
    "V20": _PLACE + "a_link_wherever_it_leads",
    "V21": "tests/host/test_preconditions.py::test_a_file_system_that_cannot_hold_a_venv",
    "V22": _PLACE + "every_place_that_is_too_small_is_named",
    "V32": _SUDO_STEP + "a_search_path_is_compared_part_by_part",
    "V33": _PLACE + "a_folder_that_everybody_may_write",
    "P17": _LIST + "requirements_that_exclude_each_other_are_shown_both",
    "P18": _LIST + "ten_thousand_lines_take_less_than_two_seconds",
    "P21": _LIST + "what_the_constraints_exclude_is_shown_with_the_constraint",
    "P22": "tests/engine/test_process.py::"
    "test_nothing_of_the_callers_environment_reaches_a_command",
    "S01": _SUDO + "after_it_sudo_finds_what_is_only_in_the_venv",
    "S02": _SUDO + "a_broken_sudoers_is_left_alone",
    "S03": _SUDO + "a_broken_file_of_others_is_no_obstacle",
    "S04": _SUDO + "what_devstack_leaves_is_healthy",
    "S05": _SUDO + "without_an_includedir_the_line_to_add_is_named",
    "S06": _SUDO + "a_second_includedir_as_devstack_appends_it_is_harmless",
    "S07": _SUDO_STEP + "opensuse_has_its_file_below_usr",
    "S08": _SUDO_STEP + "a_sudo_that_does_not_read_our_folder_is_a_problem",
    "S09": _SUDO + "it_wins_over_devstacks_own_files",
    "S10": _SUDO + "a_later_file_wins_and_is_named_and_ours_is_taken_away",
    "S12": _SUDO + "without_any_secure_path_the_users_own_path_is_extended",
    "S13": _SUDOERS + "file_names_sort_after_devstacks_and_are_not_passed_over",
    "S14": _SUDO + "our_file_with_wrong_rights_is_made_anew",
    "S15": _SUDO + "what_others_put_in_its_place_is_left_alone",
    "S16": _SUDOERS + "names_that_sudo_reads_as_something_else_are_refused",
    "S17": _SUDO + "a_venv_path_that_slipped_through_writes_nothing",
    "S20": _PLACE + "a_user_without_sudo",
    "S22": _PLACE + "a_user_whom_sudo_asks_for_a_password_gets_the_rule_to_add",
    "S26": _PLACE + "for_others_it_must_be_there",
    "S29": _AUTO + "undo_leaves_the_host_as_it_was_but_for_what_it_names",
    "O10": "tests/engine/test_undo.py::test_a_replaced_file_gets_its_bytes_and_mode_back",
    "W13": _SERVER + "activation_of_another_is_for_a_person",
    "W16": _SERVER + "a_link_out_of_the_folder_is_left_alone",
    "W17": _SERVER + "a_file_of_a_package_is_left_alone",
    "W18": _SERVER + "two_names_of_one_file_are_edited_once",
    "W19": _SERVER + "an_environment_without_it_is_activated_by_its_folder",
    "W20": _SERVER + "a_venv_for_another_python_is_of_no_use",
    "W21": _UWSGI + "an_ini_gets_it_where_that_is_safe",
    "W23": _SERVER + "a_configuration_that_apache_refuses_is_for_a_person",
    "W24": _SERVER + "nothing_deployed_is_nothing_to_do",
    "W25": _SERVER + "nothing_deployed_is_nothing_to_do",
    "T25": "tests/tui/test_build_screen.py::test_the_log_follows_its_end",
    "T26": "tests/tui/test_log_file.py::test_a_million_lines_take_little_memory",
    "T27": "tests/tui/test_log_file.py::test_an_unfinished_line_waits_for_its_end",
    "T30": "tests/engine/test_run_folder.py::test_no_secret_reaches_the_log_or_the_events",
    "T31": _TERMINAL + "a_storm_of_window_changes_does_no_harm",
    "T35": _STREAMS + "a_reader_that_goes_away_is_no_reason_to_complain",
    "T36": _STREAMS + "the_status_is_the_same_whatever_becomes_of_the_streams",
    "T37": _TERMINAL + "stopping_asks_and_ends_in_order",
    "T38": _TERMINAL + "a_signal_ends_the_screen_in_order_and_not_the_build",
    "T40": _LOCK + "names_the_run_its_user_and_since_when",
    "T41": _LOCK + "does_not_take_a_reused_pid_for_the_holder",
    "T39": "tests/engine/test_run_folder.py::test_events_are_numbered_and_can_be_read_back",
    "T42": "tests/engine/test_detached.py::test_a_state_folder_that_cannot_be_made_is_a_problem",
    "T44": "tests/model/test_diagnosis.py::test_the_first_finding_is_the_cause",
    "T45": "tests/model/test_diagnosis.py::test_the_first_finding_is_the_cause",
    "T46": "tests/host/test_circumstances.py::"
    "test_a_build_that_was_killed_begins_again_and_then_nothing_is_to_do",
}

NOT_OURS = {
    "V34": "a venv inside a git checkout works; git ignores it by the file that is put into it",
    "V35": "services keep the files that they opened, and stack.sh, which has to follow, starts "
    "them anew",
    "V36": "no host of the test bed has SELinux; where Apache may not read, the check for mod_wsgi "
    "says so by behaviour",
    "V37": "uv itself copies where it cannot link, and says so in the log",
    "S11": "a path for one command comes too late to find it; nothing here writes such a line",
    "S18": "sudo-rs is in no supported distribution; the drop-in keeps to what its manual allows",
    "S19": "every supported distribution has sudo 1.9.3 or later, which skips a line that is wrong",
    "S21": "no password is ever asked for: without a rule the plan names the one to add",
    "S23": "likewise",
    "S24": "likewise",
    "S25": "likewise: sudo -n fails there, and what it says is shown",
    "S27": "likewise: nothing reads a prompt",
    "S28": "the check asks sudo itself, wherever its rules come from",
    "O07": "openrc is never written, so git never meets it changed",
    "O08": "likewise: a checkout that cannot be written needs no writing but its local.conf",
    "O09": "likewise: no place in it is looked for",
    "W15": "root writes where Apache reads; what it cannot write is refused like any other file",
    "W22": "a configuration that stack.sh writes anew is checked after every run",
}
