namespace Enclave.Isolation.Seccomp;

/// <summary>One line of the table: one form in which a system call is allowed.</summary>
/// <param name="Number">The call's number on x86-64.</param>
/// <param name="Name">Its name, for people.</param>
/// <param name="Error">The errno for the caller, or 0 if the call is made.</param>
/// <param name="Conditions">The conditions for the arguments. All must hold.</param>
/// <param name="Switches">The filters that contain the line.</param>
internal sealed record SeccompRule(int Number, string Name, int Error, IReadOnlyList<ArgumentCondition> Conditions, SeccompSwitch Switches);
