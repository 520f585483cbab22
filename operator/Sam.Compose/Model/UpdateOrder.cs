namespace Sam.Compose.Model;

/// <summary>`deploy.update_config.order`.</summary>
public enum UpdateOrder
{
    /// <summary>The new container is healthy before the old one goes.</summary>
    StartFirst,

    /// <summary>The old one is stopped before the new one starts.</summary>
    StopFirst,
}
