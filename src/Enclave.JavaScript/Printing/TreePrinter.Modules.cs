using Enclave.JavaScript.Ast;

namespace Enclave.JavaScript.Printing;

internal sealed partial class TreePrinter
{
    private void PrintModuleItem(Statement statement)
    {
        switch (statement.Kind)
        {
            case NodeKind.ImportDeclaration: PrintImport((ImportDeclaration)statement); break;
            case NodeKind.ExportNamedDeclaration: PrintExport((ExportNamedDeclaration)statement); break;
            case NodeKind.ExportDefaultDeclaration: PrintExportDefault((ExportDefaultDeclaration)statement); break;
            default: PrintExportAll((ExportAllDeclaration)statement); break;
        }
    }

    private void PrintImport(ImportDeclaration node)
    {
        Word("import", node);
        Blank();
        if (node.Specifiers.Length > 0)
        {
            int at = 0;
            for (; at < node.Specifiers.Length && node.Specifiers[at].Kind != NodeKind.ImportSpecifier; at++)
            {
                if (at > 0) Comma();
                PrintImportSpecifier(node.Specifiers[at]);
            }

            if (at < node.Specifiers.Length)
            {
                if (at > 0) Comma();
                Write('{');
                for (int first = at; at < node.Specifiers.Length; at++)
                {
                    if (at > first) Write(',');
                    Blank();
                    PrintImportSpecifier(node.Specifiers[at]);
                }

                Blank();
                Write('}');
            }

            Blank();
            Word("from");
            Blank();
        }

        PrintSource(node.Source, node.Attributes);
    }

    private void PrintImportSpecifier(Node node)
    {
        switch (node)
        {
            case ImportDefaultSpecifier specifier: PrintName(specifier.Local); break;
            case ImportNamespaceSpecifier specifier:
                Write('*');
                PrintAs(specifier.Local);
                break;
            default:
                var named = (ImportSpecifier)node;
                if (named.Imported is not Identifier imported || imported.Name != named.Local.Name)
                {
                    PrintModuleName(named.Imported);
                    PrintAs(named.Local);
                }
                else
                {
                    PrintName(named.Local);
                }

                break;
        }
    }

    private void PrintAs(Expression name)
    {
        Blank();
        Word("as");
        Blank();
        PrintModuleName(name);
    }

    private void PrintModuleName(Expression name)
    {
        if (name is Identifier identifier) PrintName(identifier);
        else Print(name, Level.Primary);
    }

    private void PrintSource(StringLiteral source, ImmutableArray<ImportAttribute> attributes)
    {
        PrintString(source);
        if (attributes.Length > 0)
        {
            Blank();
            Write("with");
            Blank();
            Write('{');
            for (int i = 0; i < attributes.Length; i++)
            {
                if (i > 0) Write(',');
                Blank();
                PrintAttribute(attributes[i]);
            }

            Blank();
            Write('}');
        }

        Semicolon();
    }

    private void PrintAttribute(ImportAttribute attribute)
    {
        PrintModuleName(attribute.Key);
        Write(':');
        Blank();
        PrintString(attribute.Value);
    }

    private void PrintExport(ExportNamedDeclaration node)
    {
        Word("export", node);
        Blank();
        if (node.Declaration is not null)
        {
            PrintStatement(node.Declaration);
            return;
        }

        Write('{');
        for (int i = 0; i < node.Specifiers.Length; i++)
        {
            if (i > 0) Write(',');
            Blank();
            PrintExportSpecifier(node.Specifiers[i]);
        }

        if (node.Specifiers.Length > 0) Blank();
        Write('}');
        if (node.Source is null)
        {
            Semicolon();
            return;
        }

        Blank();
        Write("from");
        Blank();
        PrintSource(node.Source, node.Attributes);
    }

    private void PrintExportSpecifier(ExportSpecifier node)
    {
        PrintModuleName(node.Local);
        if (!IsSameName(node.Local, node.Exported)) PrintAs(node.Exported);
    }

    private static bool IsSameName(Expression a, Expression b) =>
        (a is Identifier left && b is Identifier right && left.Name == right.Name)
        || (a is StringLiteral text && b is StringLiteral other && text.Value == other.Value);

    private void PrintExportDefault(ExportDefaultDeclaration node)
    {
        Word("export default", node);
        switch (node.Declaration)
        {
            case FunctionDeclaration or ClassDeclaration:
                Write(' ');
                PrintStatement((Statement)node.Declaration);
                break;
            default:
                Write(' ');
                _defaultStart = _length;
                Print((Expression)node.Declaration, Level.Assignment);
                Semicolon();
                break;
        }
    }

    private void PrintExportAll(ExportAllDeclaration node)
    {
        Word("export", node);
        Blank();
        Write('*');
        if (node.Exported is not null) PrintAs(node.Exported);
        Blank();
        Word("from");
        Blank();
        PrintSource(node.Source, node.Attributes);
    }
}
