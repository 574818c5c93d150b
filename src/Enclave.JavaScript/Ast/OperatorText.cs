namespace Enclave.JavaScript.Ast;

/// <summary>The text of the tree's operators and keywords.</summary>
public static class OperatorText
{
    private static readonly string[] s_unary = ["-", "+", "!", "~", "typeof", "void", "delete"];
    private static readonly string[] s_update = ["++", "--"];
    private static readonly string[] s_binary =
        ["==", "!=", "===", "!==", "<", "<=", ">", ">=", "<<", ">>", ">>>", "+", "-", "*", "/", "%", "**", "|", "^", "&", "in", "instanceof"];
    private static readonly string[] s_logical = ["||", "&&", "??"];
    private static readonly string[] s_assignment = ["=", "+=", "-=", "*=", "/=", "%=", "**=", "<<=", ">>=", ">>>=", "|=", "^=", "&=", "||=", "&&=", "??="];
    private static readonly string[] s_variable = ["var", "let", "const", "using", "await using"];
    private static readonly string[] s_property = ["init", "get", "set"];
    private static readonly string[] s_method = ["constructor", "method", "get", "set"];
    private static readonly string[] s_goal = ["script", "module"];

    /// <summary>The operator as written in a program.</summary>
    public static string Text(this UnaryOperator value) => s_unary[(int)value];

    /// <inheritdoc cref="Text(UnaryOperator)"/>
    public static string Text(this UpdateOperator value) => s_update[(int)value];

    /// <inheritdoc cref="Text(UnaryOperator)"/>
    public static string Text(this BinaryOperator value) => s_binary[(int)value];

    /// <inheritdoc cref="Text(UnaryOperator)"/>
    public static string Text(this LogicalOperator value) => s_logical[(int)value];

    /// <inheritdoc cref="Text(UnaryOperator)"/>
    public static string Text(this AssignmentOperator value) => s_assignment[(int)value];

    /// <summary>The keyword as written in a program.</summary>
    public static string Text(this VariableKind value) => s_variable[(int)value];

    /// <summary>The word ESTree uses.</summary>
    public static string Text(this PropertyKind value) => s_property[(int)value];

    /// <inheritdoc cref="Text(PropertyKind)"/>
    public static string Text(this MethodKind value) => s_method[(int)value];

    /// <inheritdoc cref="Text(PropertyKind)"/>
    public static string Text(this SourceGoal value) => s_goal[(int)value];
}
