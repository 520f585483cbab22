namespace Sam.Operator.Clients.GitHub;

/// <summary>Where each finished call is counted: <c>sam_github_calls_total{method,route,code}</c>.</summary>
public interface IGitHubCallObserver
{
    /// <summary>One call ended.</summary>
    void Called(GitHubCall call);

    /// <summary>An answer told what is left of a budget: an App's, or an installation's.</summary>
    void BudgetRead(string budget, int remaining);
}

/// <summary>One finished call, in words that are safe and few enough for metric labels.</summary>
/// <param name="Method">HTTP method.</param>
/// <param name="Route">Path with names and ids replaced: <c>/repos/{owner}/{repo}</c>.</param>
/// <param name="Code">HTTP status, or <c>timeout</c>, <c>connection</c>, <c>cancelled</c> if no whole answer came.</param>
/// <param name="Duration">From sending to the last byte.</param>
public readonly record struct GitHubCall(string Method, string Route, string Code, TimeSpan Duration);
