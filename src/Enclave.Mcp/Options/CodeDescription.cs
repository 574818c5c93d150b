namespace Enclave.Mcp;

/// <summary>Where a server of scripts says what a script may write and which tools there are.</summary>
public enum CodeDescription
{
    /// <summary>In the description of <c>run_code</c>, which is written anew for each list of tools.</summary>
    Whole,

    /// <summary>
    /// In the server's instructions, as they are when the client connects. The description of <c>run_code</c> then has at most 1,000 characters: for clients
    /// that cut longer ones.
    /// </summary>
    Brief,
}
