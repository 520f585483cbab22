namespace Sam.DevCluster.Cel;

/// <summary>Expressions over values whose types only the moment tells, such as the objects of admission requests.</summary>
internal static class CelExpressions
{
    public static CelNode Compile(string text, IEnumerable<string> variables) =>
        string.IsNullOrWhiteSpace(text)
            ? throw new CelException("rule is not specified")
            : new CelChecker(variables.ToDictionary(name => name, _ => CelType.Dyn)).Check(CelParser.Parse(text)).Node;

    /// <summary>Why an expression cannot be used; null when it can.</summary>
    public static string? Problem(string text, IEnumerable<string> variables)
    {
        try
        {
            Compile(text, variables);
            return null;
        }
        catch (CelException fault)
        {
            return fault.Message;
        }
    }
}
