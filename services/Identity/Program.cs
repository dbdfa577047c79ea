using ApiSvc.Identity.Discovery;
using ApiSvc.Identity.GatewayCredentials;
using ApiSvc.Identity.Keys;
using ApiSvc.Identity.Tokens;
using ApiSvc.ServiceDefaults.Commands;
using ApiSvc.ServiceDefaults.Data;

var builder = WebApplication.CreateBuilder(args);

// Before the defaults, which otherwise read the issuer's keys over HTTP.
builder.Services.AddSigningKeys();
builder.AddServiceDefaults();
builder.AddServiceEndpoints(endpoints => endpoints.Additional.Add("https"));
builder.AddServiceDatabase("identitydb");
builder.AddGatewayCredentials();
builder.Services.AddTokenIssuing();

var app = builder.Build();
app.MapDefaultEndpoints();
app.MapDiscovery();
app.MapTokens();
app.MapGatewayCredentials();
return await app.RunServiceAsync(args);
