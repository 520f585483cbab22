using System.Collections.Immutable;

namespace Sam.Compose.Planning;

/// <summary>Dependency order with ties broken by name, so that equal input gives equal plans.</summary>
internal static class ServiceOrder
{
    public static ImmutableArray<DesiredService> Of(ImmutableArray<DesiredService> services)
    {
        var left = services.OrderBy(service => service.Name, StringComparer.Ordinal).ThenBy(service => service.Replica).ToList();
        var order = ImmutableArray.CreateBuilder<DesiredService>(services.Length);
        while (left.Count > 0)
        {
            // The parser refuses cycles; should one get here, the first by name goes first and the wait shows in the verdict.
            var next =
                left.Find(service => service.DependsOn.All(dep => !left.Exists(other => other.Is(dep.Service)))) ?? left[0];
            left.Remove(next);
            order.Add(next);
        }
        return order.ToImmutable();
    }
}
