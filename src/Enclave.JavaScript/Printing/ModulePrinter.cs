using Enclave.JavaScript.Ast;

namespace Enclave.JavaScript.Printing;

/// <summary>Imports and exports.</summary>
internal static class ModulePrinter
{
    public static void PrintModuleItem(TreePrinter p, Statement statement)
    {
        switch (statement.Kind)
        {
            case NodeKind.ImportDeclaration: PrintImport(p, (ImportDeclaration)statement); break;
            case NodeKind.ExportNamedDeclaration: PrintExport(p, (ExportNamedDeclaration)statement); break;
            case NodeKind.ExportDefaultDeclaration: PrintExportDefault(p, (ExportDefaultDeclaration)statement); break;
            default: PrintExportAll(p, (ExportAllDeclaration)statement); break;
        }
    }

    private static void PrintImport(TreePrinter p, ImportDeclaration node)
    {
        p.Word("import", node);
        p.Blank();
        if (node.Specifiers.Length > 0)
        {
            int at = 0;
            for (; at < node.Specifiers.Length && node.Specifiers[at].Kind != NodeKind.ImportSpecifier; at++)
            {
                if (at > 0) p.Comma();
                PrintImportSpecifier(p, node.Specifiers[at]);
            }

            if (at < node.Specifiers.Length)
            {
                if (at > 0) p.Comma();
                p.Write('{');
                for (int first = at; at < node.Specifiers.Length; at++)
                {
                    if (at > first) p.Write(',');
                    p.Blank();
                    PrintImportSpecifier(p, node.Specifiers[at]);
                }

                p.Blank();
                p.Write('}');
            }

            p.Blank();
            p.Word("from");
            p.Blank();
        }

        PrintSource(p, node.Source, node.Attributes);
    }

    public static void PrintImportSpecifier(TreePrinter p, Node node)
    {
        switch (node)
        {
            case ImportDefaultSpecifier specifier: LiteralPrinter.PrintName(p, specifier.Local); break;
            case ImportNamespaceSpecifier specifier:
                p.Write('*');
                PrintAs(p, specifier.Local);
                break;
            default:
                var named = (ImportSpecifier)node;
                if (named.Imported is not Identifier imported || imported.Name != named.Local.Name)
                {
                    PrintModuleName(p, named.Imported);
                    PrintAs(p, named.Local);
                }
                else
                {
                    LiteralPrinter.PrintName(p, named.Local);
                }

                break;
        }
    }

    private static void PrintAs(TreePrinter p, Expression name)
    {
        p.Blank();
        p.Word("as");
        p.Blank();
        PrintModuleName(p, name);
    }

    private static void PrintModuleName(TreePrinter p, Expression name)
    {
        if (name is Identifier identifier) LiteralPrinter.PrintName(p, identifier);
        else ExpressionPrinter.Print(p, name, Level.Primary);
    }

    private static void PrintSource(TreePrinter p, StringLiteral source, ImmutableArray<ImportAttribute> attributes)
    {
        LiteralPrinter.PrintString(p, source);
        if (attributes.Length > 0)
        {
            p.Blank();
            p.Write("with");
            p.Blank();
            p.Write('{');
            for (int i = 0; i < attributes.Length; i++)
            {
                if (i > 0) p.Write(',');
                p.Blank();
                PrintAttribute(p, attributes[i]);
            }

            p.Blank();
            p.Write('}');
        }

        p.Semicolon();
    }

    public static void PrintAttribute(TreePrinter p, ImportAttribute attribute)
    {
        PrintModuleName(p, attribute.Key);
        p.Write(':');
        p.Blank();
        LiteralPrinter.PrintString(p, attribute.Value);
    }

    private static void PrintExport(TreePrinter p, ExportNamedDeclaration node)
    {
        p.Word("export", node);
        p.Blank();
        if (node.Declaration is not null)
        {
            StatementPrinter.PrintStatement(p, node.Declaration);
            return;
        }

        p.Write('{');
        for (int i = 0; i < node.Specifiers.Length; i++)
        {
            if (i > 0) p.Write(',');
            p.Blank();
            PrintExportSpecifier(p, node.Specifiers[i]);
        }

        if (node.Specifiers.Length > 0) p.Blank();
        p.Write('}');
        if (node.Source is null)
        {
            p.Semicolon();
            return;
        }

        p.Blank();
        p.Write("from");
        p.Blank();
        PrintSource(p, node.Source, node.Attributes);
    }

    public static void PrintExportSpecifier(TreePrinter p, ExportSpecifier node)
    {
        PrintModuleName(p, node.Local);
        if (!IsSameName(node.Local, node.Exported)) PrintAs(p, node.Exported);
    }

    private static bool IsSameName(Expression a, Expression b) =>
        (a is Identifier left && b is Identifier right && left.Name == right.Name)
        || (a is StringLiteral text && b is StringLiteral other && text.Value == other.Value);

    private static void PrintExportDefault(TreePrinter p, ExportDefaultDeclaration node)
    {
        p.Word("export default", node);
        switch (node.Declaration)
        {
            case FunctionDeclaration or ClassDeclaration:
                p.Write(' ');
                StatementPrinter.PrintStatement(p, (Statement)node.Declaration);
                break;
            default:
                p.Write(' ');
                p.DefaultStart = p.Length;
                ExpressionPrinter.Print(p, (Expression)node.Declaration, Level.Assignment);
                p.Semicolon();
                break;
        }
    }

    private static void PrintExportAll(TreePrinter p, ExportAllDeclaration node)
    {
        p.Word("export", node);
        p.Blank();
        p.Write('*');
        if (node.Exported is not null) PrintAs(p, node.Exported);
        p.Blank();
        p.Word("from");
        p.Blank();
        PrintSource(p, node.Source, node.Attributes);
    }
}
