namespace Sam.DevCluster.Security;

/// <summary>Where a request carries its user after authentication.</summary>
internal static class RequestUser
{
    public static UserInfo User(this HttpContext context) => context.Features.Get<UserInfo>() ?? UserInfo.Anonymous;
}
