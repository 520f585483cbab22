namespace Sam.Runtime.Informers;

/// <summary>Narrows what an informer reads; the server selects, what is left out costs nothing here.</summary>
/// <typeparam name="TEntity">The kind.</typeparam>
/// <param name="LabelSelector">As <c>kubectl get -l</c>; null for any.</param>
/// <param name="FieldSelector">As <c>kubectl get --field-selector</c>; null for any.</param>
public sealed record InformerSelection<TEntity>(string? LabelSelector, string? FieldSelector = null);
