// TrueLayer's own client, unchanged but for the base URLs, against the address in argv[2]. Prints what it got as JSON.
const { AuthAPIClient, DataAPIClient } = require("truelayer-client");
const { Constants } = require("truelayer-client/dist/src/v1/Constants");
const http = require("node:http");

const base = process.argv[2];
const redirectUri = "http://127.0.0.1:9/callback";
Constants.AUTH_URL = base;
Constants.API_URL = base;

function follow(link) {
  return new Promise((resolve, reject) => {
    http.get(link, (response) => resolve(response.headers.location)).on("error", reject);
  });
}

async function main() {
  const auth = new AuthAPIClient({ client_id: "sandbox-simulator", client_secret: "simulator-secret" });
  const scope = ["info", "accounts", "balance", "transactions", "cards", "offline_access"];
  const link = auth.getAuthUrl({ redirectURI: redirectUri, scope, nonce: "n1", state: "s1", enableMock: true });
  const back = new URL(await follow(`${link}&simulator_user=john&simulator_password=doe`));
  const tokens = await auth.exchangeCodeForToken(redirectUri, back.searchParams.get("code"));
  const fresh = await auth.refreshAccessToken(tokens.refresh_token);
  const token = fresh.access_token;
  const accounts = (await DataAPIClient.getAccounts(token)).results;
  const cards = (await DataAPIClient.getCards(token)).results;
  const day = (ago) => new Date(Date.now() - ago * 86400000).toISOString().slice(0, 10);
  const rows = (await DataAPIClient.getTransactions(token, accounts[0].account_id, day(30), day(1))).results;
  const cardRows = (await DataAPIClient.getCardTransactions(token, cards[0].account_id, day(30), day(1))).results;
  const providers = await AuthAPIClient.getProviderInfos("oauth/openbanking");
  console.log(
    JSON.stringify({
      isValid: DataAPIClient.validateToken(token),
      state: back.searchParams.get("state"),
      me: (await DataAPIClient.getMe(token)).results[0].provider.provider_id,
      name: (await DataAPIClient.getInfo(token)).results[0].full_name,
      accounts: accounts.length,
      account: (await DataAPIClient.getAccount(token, accounts[1].account_id)).results[0].display_name,
      cards: cards.length,
      balance: (await DataAPIClient.getBalance(token, accounts[0].account_id)).results[0].currency,
      cardBalance: (await DataAPIClient.getCardBalance(token, cards[0].account_id)).results[0].currency,
      rows: rows.length,
      types: [...new Set(rows.map((row) => row.transaction_type))].sort(),
      cardRows: cardRows.length,
      providers: providers.length,
    }),
  );
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
