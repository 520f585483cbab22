using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Sam.Unit.Tests.HouseRules;

/// <summary>
/// A method decides little (style 2.2): at most 12 decisions. Counted like cyclomatic complexity, except that a switch is one decision and what
/// its arms decide further: a flat table of cases reads in one go, however long it is.
/// </summary>
public sealed class ComplexityTests
{
    private const int Stop = 12;
    private const int MostLines = 60;

    // More than that for a reason. Path and method, most decisions, why.
    private static readonly (string Method, int Most, string Why)[] Exceptions = [];

    [Fact]
    public void A_method_decides_little()
    {
        Assert.Empty(Tangled(SourceTree.Code.Where(file => !file.IsTest)));
    }

    [Fact]
    public void A_method_fits_on_a_screen()
    {
        Assert.Empty(Long(SourceTree.Code.Where(file => !file.IsTest)));
    }

    [Fact]
    public void A_tangled_method_is_found()
    {
        var branches = string.Concat(Enumerable.Repeat("if (a && b || c) return 1; ", 5));
        var table = string.Concat(Enumerable.Range(0, 30).Select(number => $"{number} => {number}, "));

        Assert.Single(Tangled([Sample($"class A {{ int M(bool a, bool b, bool c) {{ {branches} return 0; }} }}")]));
        Assert.Empty(Tangled([Sample($"class A {{ int M(int a) => a switch {{ {table} _ => 0 }}; }}")]));
    }

    [Fact]
    public void A_long_method_is_found()
    {
        var lines = string.Concat(Enumerable.Repeat("x();\n", MostLines + 1));

        Assert.Single(Long([Sample($"class A {{ void M() {{\n{lines}}} }}")]));
        Assert.Empty(Long([Sample($"class A {{ void M() {{\nx();\n}} }}")]));
    }

    private static IEnumerable<string> Tangled(IEnumerable<SourceFile> files) =>
        from method in Methods(files)
        let decisions = 1 + method.Node.DescendantNodes().Count(IsDecision)
        where
            decisions
            > (Exceptions.FirstOrDefault(known => known.Method == method.Name) is { Most: > 0 } found ? found.Most : Stop)
        select $"{method.Name} has {decisions} decisions";

    private static IEnumerable<string> Long(IEnumerable<SourceFile> files) =>
        from method in Methods(files)
        let body = ((BaseMethodDeclarationSyntax)method.Node).Body ?? method.Node
        let span = method.Node.SyntaxTree.GetLineSpan(body.Span)
        let lines = span.EndLinePosition.Line - span.StartLinePosition.Line - 1
        where lines > MostLines
        select $"{method.Name} has {lines} lines";

    private static IEnumerable<(string Name, SyntaxNode Node)> Methods(IEnumerable<SourceFile> files) =>
        from file in files
        from method in file.Syntax.DescendantNodes().OfType<BaseMethodDeclarationSyntax>()
        let name = method is MethodDeclarationSyntax named ? named.Identifier.Text : method.Kind().ToString()
        select ($"{file.Path}: {name}", (SyntaxNode)method);

    private static bool IsDecision(SyntaxNode node) =>
        node.Kind()
            is SyntaxKind.IfStatement
                or SyntaxKind.ForStatement
                or SyntaxKind.ForEachStatement
                or SyntaxKind.ForEachVariableStatement
                or SyntaxKind.WhileStatement
                or SyntaxKind.DoStatement
                or SyntaxKind.SwitchStatement
                or SyntaxKind.SwitchExpression
                or SyntaxKind.WhenClause
                or SyntaxKind.CatchClause
                or SyntaxKind.ConditionalExpression
                or SyntaxKind.LogicalAndExpression
                or SyntaxKind.LogicalOrExpression
                or SyntaxKind.CoalesceExpression;

    private static SourceFile Sample(string content) => new("operator/Sample.cs") { Content = content };
}
