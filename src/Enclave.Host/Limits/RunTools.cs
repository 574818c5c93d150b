namespace Enclave;

/// <summary>Tools of one run. <see cref="ToolCollection"/> is the only kind.</summary>
public abstract class RunTools
{
    private protected RunTools()
    {
    }
}
