import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { overviewQueries } from "../../api/overview";
import { proofQueries } from "../../api/proof";
import { transferQueries } from "../../api/transfers";
import { readChoice } from "../../features/proof/choice";
import { readTransfersSearch, wantedPairs } from "../../features/transfers/transfersSearch";
import { on, searchOf } from "../../lib/search";
import { drawnAfter, readAccounts } from "../drawnAfter";
import { Numbered } from "../Numbered";
import { root } from "./root";

const ProofPage = lazyRouteComponent(() => import("../../features/proof/ProofPage"), "ProofPage");
const ReviewPage = lazyRouteComponent(() => import("../../features/review/ReviewPage"), "ReviewPage");
const TransfersPage = lazyRouteComponent(() => import("../../features/transfers/TransfersPage"), "TransfersPage");
const DiffPage = lazyRouteComponent(() => import("../../features/dryrun/DiffPage"), "DiffPage");

const proof = createRoute({
  getParentRoute: () => root,
  path: "/proof",
  validateSearch: readChoice,
  ...drawnAfter((read, search) => {
    const { account, day } = readChoice(search);
    return [
      read.one(overviewQueries.counts()),
      readAccounts(read),
      ...(account ? [read.one(proofQueries.strip(account))] : []),
      ...(account && day ? [read.one(proofQueries.day(account, day))] : []),
    ];
  }),
  component: function Proof() {
    const navigate = proof.useNavigate();
    return (
      <ProofPage
        choice={proof.useSearch()}
        onChoose={(search) => void navigate({ search, replace: true, resetScroll: false })}
      />
    );
  },
});

const review = createRoute({
  getParentRoute: () => root,
  path: "/review",
  validateSearch: searchOf({ decided: on }),
  component: function Review() {
    const navigate = review.useNavigate();
    return (
      <ReviewPage
        decided={review.useSearch().decided ?? false}
        onShow={(decided) => void navigate({ search: decided ? { decided } : {} })}
      />
    );
  },
});

const transfers = createRoute({
  getParentRoute: () => root,
  path: "/transfers",
  validateSearch: readTransfersSearch,
  ...drawnAfter((read, search) => {
    const wanted = readTransfersSearch(search);
    return [
      readAccounts(read),
      wanted.pair === undefined
        ? read.pages(transferQueries.list(wantedPairs(wanted)))
        : read.one(transferQueries.one(wanted.pair)),
    ];
  }),
  component: function Transfers() {
    const navigate = transfers.useNavigate();
    return <TransfersPage search={transfers.useSearch()} onSearch={(search) => void navigate({ search })} />;
  },
});

const diff = createRoute({
  getParentRoute: () => root,
  path: "/imports/$jobId/diff",
  component: function Diff() {
    return <Numbered text={diff.useParams().jobId}>{(jobId) => <DiffPage jobId={jobId} />}</Numbered>;
  },
});

export const recordRoutes = [proof, review, transfers, diff] as const;
