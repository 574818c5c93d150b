namespace Enclave.Isolation.Seccomp;

/// <summary>One line of the table: one way for one system call to pass.</summary>
/// <param name="Number">The call's number on x86-64.</param>
/// <param name="Name">Its name, for people.</param>
/// <param name="Error">The errno the caller gets, or 0 when the call is made.</param>
/// <param name="Conditions">What must hold of the arguments, all of it.</param>
/// <param name="Switches">In which filters the line stands.</param>
internal sealed record SeccompRule(int Number, string Name, int Error, IReadOnlyList<ArgumentCondition> Conditions, SeccompSwitch Switches);
