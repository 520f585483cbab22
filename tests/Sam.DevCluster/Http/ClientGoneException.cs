namespace Sam.DevCluster.Http;

/// <summary>The client left in the middle of its request: nobody is there to answer.</summary>
internal sealed class ClientGoneException(Exception cause) : Exception(cause.Message, cause);
