namespace Sam.Operator.Clients.Hetzner;

/// <summary>Where each finished call is counted: `sam_hetzner_requests_total{method,route,code}`.</summary>
public interface IHetznerCallObserver
{
    /// <summary>One call ended.</summary>
    void Called(HetznerCall call);

    /// <summary>An answer told what is left of a token's budget.</summary>
    void BudgetRead(string token, HetznerBudget.Reading reading);
}

/// <summary>One finished call, in words that are safe and few enough for metric labels.</summary>
/// <param name="Token">Fingerprint of the token.</param>
/// <param name="Method">HTTP method.</param>
/// <param name="Route">Path with ids replaced: `/servers/{id}`.</param>
/// <param name="Code">HTTP status, or `timeout`, `connection`, `cancelled` if no whole answer came.</param>
/// <param name="Duration">From sending to the last byte.</param>
public readonly record struct HetznerCall(string Token, string Method, string Route, string Code, TimeSpan Duration);
