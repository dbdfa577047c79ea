using ApiSvc.Contracts.GatewayConfig.V1;
using ApiSvc.Gateway.CallerTokens;
using ApiSvc.Gateway.Policies.Authentication;
using ApiSvc.Gateway.Policies.CallerTokens;
using ApiSvc.Gateway.Policies.Cors;
using ApiSvc.Gateway.Policies.Deprecation;
using ApiSvc.Gateway.Policies.Headers;
using ApiSvc.Gateway.Policies.IpRules;
using ApiSvc.Gateway.Policies.Limits;
using ApiSvc.Gateway.Policies.PathRewrite;
using ApiSvc.Gateway.Policies.Quotas;
using ApiSvc.Gateway.Policies.Scopes;
using ApiSvc.Gateway.Policies.Subscriptions;
using ApiSvc.Gateway.Policies.Upstreams;
using ApiSvc.Gateway.State;
using Google.Protobuf;

namespace ApiSvc.Gateway.Policies;

/// <summary>
/// Makes the chain of an operation from the settings of its levels. Of <c>authentication</c>, <c>cors</c>, <c>path</c>
/// and <c>upstream</c> the operation's own replaces the API's; of the others all hold.
/// </summary>
internal sealed class PolicyCompiler(IRateCounters counters, CallerTokenSigner signer)
{
    /// <summary>What this build can apply: a resource that asks for more is set aside.</summary>
    public static IReadOnlyList<string> Features { get; } =
    [
        "policy.authentication",
        "policy.cors",
        "policy.headers",
        "policy.ip-rules",
        "policy.limit",
        "policy.path",
        "policy.quota",
        "policy.upstream",
        "selector.header",
        "selector.media-type",
        "selector.path",
        "selector.query",
    ];

    /// <exception cref="RefusedResourceException">It cannot be applied.</exception>
    public PolicyChain Compile(
        Api api,
        Operation? operation,
        int index,
        IReadOnlyList<UpstreamState> upstreams
    )
    {
        var owner = ResourceIds.Read(api.ApiId, "/apiId");
        var policies = new List<IPolicy>();
        var settings = new Settings();
        foreach (var (i, policy) in api.Policies.Index())
        {
            Read(policy, $"/policies/{i}", owner, [], settings, policies);
        }

        string[] parameters =
            operation is null ? []
            : Routing.PathTemplate.TryParse(operation.PathTemplate, out var template, out _)
                ? [.. template.Names]
            : [];
        foreach (var (i, policy) in (operation?.Policies ?? []).Index())
        {
            var place = $"/operations/{index}/policies/{i}";
            Read(
                policy,
                place,
                ResourceIds.Read(operation!.Id, $"/operations/{index}/id"),
                parameters,
                settings,
                policies
            );
        }

        if (operation is null && api.OnlyOperations)
        {
            // Only preflights come here: a path with an operation's parameters could not be filled.
            settings.Path = null;
        }

        AddReplaced(settings, parameters, upstreams, policies);
        var upstream = settings.Upstream is var (chosen, _)
            ? upstreams.First(u => u.Name == chosen.Name)
            : upstreams[0];
        AddCallerToken(upstream, policies);
        AddAccess(api, operation, settings, upstream, policies);
        AddLifecycle(api, policies);
        if (
            policies.Exists(p =>
                p.Stage is PolicyStage.AddressLimit or PolicyStage.Limit or PolicyStage.Quota
            )
        )
        {
            policies.Add(new RateFields());
        }

        return new(policies);
    }

    private void Read(
        Policy policy,
        string pointer,
        Guid owner,
        IReadOnlyList<string> parameters,
        Settings settings,
        List<IPolicy> policies
    )
    {
        try
        {
            switch (policy.Type)
            {
                case "ip-rules":
                    policies.Add(
                        IpRulesPolicy.Of(IpRulesSettings.Parser.ParseFrom(policy.Settings))
                    );
                    break;
                case "limit":
                    policies.Add(LimitOf(policy, owner, pointer));
                    break;
                case "quota":
                    policies.Add(QuotaOf(policy, owner, pointer));
                    break;
                case "headers":
                    policies.Add(
                        HeadersPolicy.Of(HeadersSettings.Parser.ParseFrom(policy.Settings))
                    );
                    break;
                case "cors":
                    settings.Cors = new(CorsSettings.Parser.ParseFrom(policy.Settings));
                    break;
                case "path":
                    settings.Path = (PathSettings.Parser.ParseFrom(policy.Settings), pointer);
                    break;
                case "upstream":
                    settings.Upstream = (
                        UpstreamSettings.Parser.ParseFrom(policy.Settings),
                        pointer
                    );
                    break;
                case "authentication":
                    settings.Methods = Methods(
                        AuthenticationSettings.Parser.ParseFrom(policy.Settings)
                    );
                    break;
                default:
                    throw new RefusedResourceException(
                        "/type",
                        $"This build does not know the policy '{policy.Type}'."
                    );
            }
        }
        catch (InvalidProtocolBufferException unreadable)
        {
            throw new RefusedResourceException(pointer + "/settings", unreadable.Message);
        }
        catch (RefusedResourceException refused)
        {
            throw refused.Below(pointer);
        }
    }

    private LimitPolicy LimitOf(Policy policy, Guid owner, string pointer)
    {
        var settings = LimitSettings.Parser.ParseFrom(policy.Settings);
        var name = NameOf(settings.CountedBy);
        var place = PlaceOf(policy, pointer);
        return new(
            LimitRule.Of(settings.Limit, name, "/limit", owner, place),
            settings.CountedBy,
            counters
        );
    }

    private QuotaPolicy QuotaOf(Policy policy, Guid owner, string pointer)
    {
        var settings = QuotaSettings.Parser.ParseFrom(policy.Settings);
        var name = NameOf(settings.CountedBy);
        var place = PlaceOf(policy, pointer);
        return new(
            QuotaRule.Of(settings.Quota, name, "/quota", owner, place),
            settings.CountedBy,
            counters
        );
    }

    // Equal rules of two levels, or two of one, each count for themselves.
    private static string PlaceOf(Policy policy, string pointer) =>
        $"{policy.Type} {policy.Level} {pointer[pointer.LastIndexOf('/')..]}";

    private static void AddReplaced(
        Settings settings,
        string[] parameters,
        IReadOnlyList<UpstreamState> upstreams,
        List<IPolicy> policies
    )
    {
        if (settings.Cors is { } cors)
        {
            policies.Add(cors);
        }

        if (
            settings.Path is var (path, place)
            && At(place, () => PathPolicy.Of(path, parameters)) is { } rewrite
        )
        {
            policies.Add(rewrite);
        }

        if (settings.Upstream is var (upstream, pointer))
        {
            policies.Add(At(pointer, () => UpstreamPolicy.Of(upstream, upstreams)));
        }
    }

    private void AddCallerToken(UpstreamState upstream, List<IPolicy> policies)
    {
        if (upstream.CallerAudience is not { } audience)
        {
            return;
        }

        policies.Add(
            signer.CanSign
                ? new CallerTokenPolicy(signer, audience)
                : throw new RefusedResourceException(
                    "/upstreams",
                    "The upstream is told who calls, and this node has no CallerTokens:SigningKey."
                )
        );
    }

    private static T At<T>(string pointer, Func<T> make)
    {
        try
        {
            return make();
        }
        catch (RefusedResourceException refused)
        {
            throw refused.Below(pointer);
        }
    }

    private void AddAccess(
        Api api,
        Operation? operation,
        Settings settings,
        UpstreamState upstream,
        List<IPolicy> policies
    )
    {
        var methods = settings.Methods ?? [new ApiKeyMethod(null), new JwtMethod(new([], []))];
        policies.Add(new AuthenticationPolicy(methods, upstream.GetsCredential));
        if (api.PlanIds.Count > 0)
        {
            policies.Add(new SubscriptionPolicy(ResourceIds.ReadAll(api.PlanIds, "/planIds")));
            policies.Add(new PlanLimitPolicy(counters));
            policies.Add(new PlanQuotaPolicy(counters));
            if (methods.Any(m => m is AnonymousMethod))
            {
                throw new RefusedResourceException(
                    "/policies",
                    "An API that asks for a subscription cannot take anonymous calls."
                );
            }
        }

        if (operation is { RequiredScopes.Count: > 0 })
        {
            policies.Add(new ScopePolicy(operation.RequiredScopes));
        }
    }

    private static void AddLifecycle(Api api, List<IPolicy> policies)
    {
        if (api.DeprecatedAt is null && api.SunsetAt is null)
        {
            return;
        }

        policies.Add(
            new DeprecationPolicy(
                api.DeprecatedAt?.ToDateTimeOffset(),
                api.SunsetAt?.ToDateTimeOffset(),
                Uri.TryCreate(api.DeprecationLink, UriKind.Absolute, out var link) ? link : null
            )
        );
    }

    private static List<IAuthenticationMethod> Methods(AuthenticationSettings settings)
    {
        var methods = new List<IAuthenticationMethod>();
        foreach (var (i, method) in settings.Methods.Index())
        {
            methods.Add(
                method.MethodCase switch
                {
                    AuthenticationMethod.MethodOneofCase.ApiKey => new ApiKeyMethod(method.ApiKey),
                    AuthenticationMethod.MethodOneofCase.Jwt => new JwtMethod(
                        new([.. method.Jwt.Issuers], [.. method.Jwt.Audiences])
                    ),
                    AuthenticationMethod.MethodOneofCase.Anonymous => new AnonymousMethod(),
                    _ => throw new RefusedResourceException(
                        $"/methods/{i}",
                        "This build does not know the method."
                    ),
                }
            );
        }

        return methods.Count > 0
            ? methods
            : throw new RefusedResourceException("/methods", "There is no method.");
    }

    private static string NameOf(CountedBy countedBy) =>
        countedBy switch
        {
            CountedBy.Unspecified => "subscription",
            _ when Enum.IsDefined(countedBy) => countedBy.ToString().ToLowerInvariant(),
            _ => throw new RefusedResourceException(
                "/countedBy",
                "This build does not know whose calls to count."
            ),
        };

    private sealed class Settings
    {
        public CorsPolicy? Cors { get; set; }

        public (PathSettings Settings, string Pointer)? Path { get; set; }

        public (UpstreamSettings Settings, string Pointer)? Upstream { get; set; }

        public List<IAuthenticationMethod>? Methods { get; set; }
    }
}
