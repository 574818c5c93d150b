namespace Enclave;

/// <summary>Tools that one run brings along: a <see cref="ToolCollection"/>, which is the only kind.</summary>
public abstract class RunTools
{
    private protected RunTools()
    {
    }
}
