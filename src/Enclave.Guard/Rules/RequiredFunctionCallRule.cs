using Enclave.JavaScript.Ast;

namespace Enclave.Guard.Rules;

/// <summary><c>required-function-call</c>: functions that a script must call, and how often.</summary>
internal sealed class RequiredFunctionCallRule(ImmutableArray<string> functions, RequiredFunctions mode, int least, int most) : IGuardRule
{
    private static readonly RuleCode s_missing = new("REQUIRED_FUNCTION_NOT_CALLED");
    private static readonly RuleCode s_often = new("FUNCTION_CALLED_TOO_MANY_TIMES");

    public static RuleDescription Description { get; } = new(
        "required-function-call", [s_missing, s_often],
        "Refuses scripts that call listed functions too seldom or too often, counted in the text.",
        "Call the function as often as asked.");

    public RuleDescription About => Description;

    public ImmutableArray<NodeKind> Kinds { get; } = [];

    public void Visit(Node node, RuleContext context) { }

    public void Finish(RuleContext context)
    {
        int[] counts = CallCount.Of(context, functions);
        bool any = counts.Any((count) => count >= least);
        for (int i = 0; i < functions.Length; i++)
        {
            if (counts[i] < least && !(mode == RequiredFunctions.Any && any))
            {
                Report(
                    s_missing, $"'{functions[i]}' has to be called at least {least} times; it is called {counts[i]} times",
                    functions[i], counts[i], least, context);
            }

            if (counts[i] > most)
            {
                Report(s_often, $"'{functions[i]}' may be called at most {most} times; it is called {counts[i]} times", functions[i], counts[i], most, context);
            }
        }
    }

    private void Report(RuleCode code, string message, string function, int actual, int limit, RuleContext context) =>
        context.Report(this, code, (-1, -1), message, null, ("function", function), ("actual", actual), ("limit", limit));
}
