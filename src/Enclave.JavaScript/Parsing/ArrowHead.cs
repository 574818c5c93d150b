namespace Enclave.JavaScript.Parsing;

/// <summary>The state around the parentheses: see <see cref="FunctionState.YieldAt"/>.</summary>
internal readonly record struct Outside(int YieldAt, int AwaitAt, int AwaitNameAt);

/// <summary>The part of a possible arrow function up to its closing parenthesis.</summary>
internal readonly record struct ArrowHead(int Start, FunctionForm Form, ForInit Init, bool IsCertain, Outside Outside);
