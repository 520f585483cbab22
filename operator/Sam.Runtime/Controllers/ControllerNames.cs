using Sam.Runtime.Resources;

namespace Sam.Runtime.Controllers;

/// <summary>Names controllers in metrics and logs.</summary>
internal static class ControllerNames
{
    /// <summary>The name given, or the kind in lower case.</summary>
    public static string Of<TEntity>(ControllerOptions options) =>
        options.Name ?? ResourceKind.Of<TEntity>().Kind.ToLowerInvariant();
}
