namespace Sam.Operator.Installation;

/// <summary>The namespace that the operator keeps its own Secrets and Lease in.</summary>
/// <param name="Name">Name of the namespace.</param>
internal sealed record OperatorNamespace(string Name);
